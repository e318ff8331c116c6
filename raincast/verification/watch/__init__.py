"""What has changed about the inputs, the chances and the quality, by tests that may be looked at
every day.
"""
