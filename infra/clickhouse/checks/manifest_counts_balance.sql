-- Grain: one row per batch whose counts do not add up; none is right.
-- Source: zakaz.meta_manifest.
-- Key: (run_id, stream, batch).
SELECT
    job,
    run_id,
    stream,
    batch,
    received,
    accepted,
    quarantined,
    duplicate
FROM zakaz.meta_manifest
WHERE received != ((accepted + quarantined) + duplicate)
ORDER BY
    run_id ASC,
    stream ASC,
    batch ASC
