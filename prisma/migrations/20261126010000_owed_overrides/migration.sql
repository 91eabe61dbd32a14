-- CreateTable
CREATE TABLE "OwedOverride" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "clusterId" TEXT NOT NULL,
    "routerId" TEXT NOT NULL,
    "virtualServer" TEXT NOT NULL,
    "realServer" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "state" TEXT,
    "weight" INTEGER,
    "by" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    CONSTRAINT "OwedOverride_clusterId_fkey" FOREIGN KEY ("clusterId") REFERENCES "Cluster" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "OwedOverride_routerId_fkey" FOREIGN KEY ("routerId") REFERENCES "Router" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateIndex
CREATE INDEX "OwedOverride_clusterId_at_idx" ON "OwedOverride"("clusterId", "at");

-- CreateIndex
CREATE UNIQUE INDEX "OwedOverride_routerId_virtualServer_realServer_kind_key" ON "OwedOverride"("routerId", "virtualServer", "realServer", "kind");
