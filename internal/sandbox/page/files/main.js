// Looks twice a second what has happened, as long as somebody sees the page.

import { get, Refusal } from "./api.js";
import { byId, setText } from "./dom.js";
import * as records from "./records.js";
import * as requests from "./requests.js";
import * as steer from "./steer.js";
import { onLanguage, setUp, t } from "./texts.js";

const pause = 500; // milliseconds between two looks
const patience = 2000; // between two after one that failed

let cursor = "";
let timer;
let looking = null;
let again = false; // somebody asked while a look was under way
let lost = ""; // why the last look failed

function showLost(why) {
  lost = why;
  byId("lost").hidden = why === "";
  setText(byId("lost"), why);
}

// look asks once, and again after a pause.
async function look() {
  clearTimeout(timer);
  if (looking) {
    again = true;
    return;
  }
  looking = new AbortController();
  again = false;
  let wait = pause;
  try {
    const news = await get(`events?after=${encodeURIComponent(cursor)}`, looking.signal);
    cursor = news.cursor;
    requests.add(news.requests, news.fresh, news.skipped);
    steer.show(news.status);
    records.update(news.status.data);
    showLost("");
  } catch (error) {
    if (!looking.signal.aborted) {
      showLost(error instanceof Refusal ? error.message : t("lost"));
      wait = patience;
    }
  }
  looking = null;
  if (document.hidden) return;
  if (again) look();
  else timer = setTimeout(look, wait);
}

function stop() {
  clearTimeout(timer);
  looking?.abort();
}

requests.setUp(steer.announce);
records.setUp();
setUp();
onLanguage(() => lost && showLost(lost));
document.addEventListener("visibilitychange", () => !document.hidden && look());
addEventListener("pagehide", stop);
addEventListener("pageshow", (event) => event.persisted && look());
steer.setUp(look).catch(() => showLost(t("lost")));
look();
document.documentElement.dataset.ready = "true";
