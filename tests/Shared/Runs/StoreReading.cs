using Involute.Runs.Stores;
using Involute.Runs.Verification;

namespace Involute.Tests;

/// <summary>What a store holds of the run of <see cref="Sample"/>.</summary>
internal static class StoreReading
{
    public static RunHistory Read(this IRunStore store) =>
        store.ReadRecords(records => RunVerification.Of(records, RecordedRun.Expected)).History;
}
