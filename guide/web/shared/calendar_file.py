"""An appointment as a file that any calendar reads (RFC 5545)."""

from datetime import UTC, datetime

from flask import Response
from icalendar import Calendar, Event

from guide.models import Appointment
from guide.models.appointment import AppointmentState


def calendar_file(appointment: Appointment, *, title: str, host: str, at: datetime) -> Response:
    """Answer with one event; changed or called off, it takes the place of the one that the calendar holds."""
    event = Event()
    event.add("uid", f"{appointment.id}@{host}")
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", at.astimezone(UTC))
    event.add("dtstart", appointment.starts_at.astimezone(UTC))
    event.add("dtend", appointment.ends_at.astimezone(UTC))
    event.add("summary", title)
    event.add("location", appointment.place or appointment.mode.label)
    cancelled = appointment.state is AppointmentState.CANCELLED
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", "-//Guide ESS 62//rendez-vous//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancelled else "PUBLISH")
    calendar.add_component(event)
    response = Response(calendar.to_ical(), mimetype="text/calendar")
    response.headers["Content-Disposition"] = 'attachment; filename="rendez-vous.ics"'
    return response
