"""The walk through a span of days: slots, policies, actions, the record of each day."""
