using Involute.Runs.Configuration;
using Involute.Runs.Folders;
using Involute.Runs.Ledger;
using Involute.Runs.Plugins;
using Involute.Runs.Verification.Evidence;

namespace Involute.Runs.Opening;

/// <summary>
/// Finds the run that a fork comes from by its ledger: where it was then, beside the fork, or under any name beside the fork.
/// </summary>
internal static class ForkParent
{
    /// <summary>What the ledger of that run has of the step, or why it cannot be asked.</summary>
    /// <param name="fork">The folder of the fork.</param>
    /// <param name="forked">What the ledger of the fork says.</param>
    public static ParentStep Find(RunFolder fork, RunForked forked)
    {
        ArgumentNullException.ThrowIfNull(fork);
        ArgumentNullException.ThrowIfNull(forked);
        var beside = Path.GetDirectoryName(fork.FullPath)!;
        ParentStep? other = null;
        foreach (var (path, isNamed) in Places(fork, beside, forked.Parent.Value))
        {
            if (Look(path, forked, isNamed) is not { } found)
            {
                continue;
            }

            // A copy that 'runs copy' made before that step has the same ledger, and not the step.
            if (isNamed || found.Record?.ChainSha256 == forked.ChainSha256)
            {
                return found;
            }

            other ??= found;
        }

        return other ?? new ParentStep(null, $"that run is not in {beside}: not compared");
    }

    private static IEnumerable<(string Path, bool IsNamed)> Places(RunFolder fork, string beside, string name)
    {
        if (fork.ReadOrigin() is { } origin)
        {
            yield return (origin.Folder, true);
        }

        yield return (Path.Combine(beside, name), true);
        foreach (var other in Directory.EnumerateDirectories(beside).Order(StringComparer.Ordinal))
        {
            yield return (other, false);
        }
    }

    // Another's folder may be anything; only one with that ledger is asked.
    private static ParentStep? Look(string path, RunForked forked, bool isNamed)
    {
        try
        {
            if (!Presence.OfFile(Path.Combine(path, ConfigurationLoader.FileName)))
            {
                return null;
            }

            var folder = RunFolder.Open(".", path);
            var mark = folder.ReadLedgerMark();
            if (mark is null ? !isNamed : mark.Ledger != forked.ParentLedger)
            {
                return null;
            }

            var store = StoreFactory.Create(folder, ConfigurationLoader.LoadRun(folder.FullPath, []));
            return store.FirstWriter() == forked.ParentLedger
                ? new ParentStep(
                    RecordedStep.Find(store, forked.Step), $"compared with the ledger of run {folder.RunId}")
                {
                    IsThere = true,
                }
                : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or InvalidDataException
            or ConfigurationException or PluginException)
        {
            return isNamed ? new ParentStep(null, $"that run cannot be read ({unreadable.Message}): not compared") : null;
        }
    }
}
