#pragma once
// What SQLite's header shows only on demand: the hook that sees each row before it is changed. The
// SQLite of Debian has it; with one that has not, nothing links. No logic lives here.

#define SQLITE_ENABLE_PREUPDATE_HOOK 1
#include <sqlite3.h>
