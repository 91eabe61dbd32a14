-- AlterTable
ALTER TABLE "Revision" ADD COLUMN "rolledBackAt" DATETIME;

-- CreateTable
CREATE TABLE "Trial" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "clusterId" TEXT NOT NULL,
    "revisionId" TEXT NOT NULL,
    "seconds" INTEGER NOT NULL,
    "by" TEXT NOT NULL,
    "startedAt" DATETIME NOT NULL,
    "outcome" TEXT,
    "message" TEXT,
    "endedAt" DATETIME,
    "acknowledgedBy" TEXT,
    CONSTRAINT "Trial_revisionId_fkey" FOREIGN KEY ("revisionId") REFERENCES "Revision" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateIndex
CREATE INDEX "Trial_clusterId_startedAt_idx" ON "Trial"("clusterId", "startedAt");
