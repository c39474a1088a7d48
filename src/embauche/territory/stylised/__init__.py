"""Stylised territories."""
