// Sending a file with a bar that shows how far it is; without scripts the form sends itself.
"use strict";
{
  const form = document.getElementById("send"), told = document.getElementById("told");
  const bar = document.getElementById("sent"), input = form.elements.file;
  const stop = event => { event.preventDefault(); form.classList.toggle("over", event.type === "dragover"); };
  for (const type of ["dragover", "dragleave", "drop"]) form.addEventListener(type, stop);
  form.addEventListener("drop", event => { if (event.dataTransfer.files.length) input.files = event.dataTransfer.files; });
  form.addEventListener("submit", event => {
    event.preventDefault();
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.upload.onprogress = now => { bar.hidden = false; if (now.lengthComputable) bar.value = now.loaded / now.total; };
    request.onload = () => {
      if (request.status < 400) { location.href = request.responseURL; return; }
      bar.hidden = true;
      try { told.textContent = JSON.parse(request.responseText).detail; } catch { told.textContent = request.statusText; }
    };
    request.onerror = () => { bar.hidden = true; told.textContent = form.dataset.brokenOff; };
    request.send(new FormData(form));
  });
}
