// How far the work on an upload is; without scripts the page loads itself again.
"use strict";
{
  const bar = document.getElementById("progress"), events = new EventSource(bar.dataset.events);
  events.onmessage = event => {
    const now = JSON.parse(event.data);
    if (now.progress && now.progress.records_total) { bar.hidden = false; bar.max = now.progress.records_total; bar.value = now.progress.records_done; }
    if (!["received", "inspecting", "publishing"].includes(now.state)) { events.close(); location.reload(); }
  };
}
