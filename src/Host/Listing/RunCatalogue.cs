using Involute.Host.Reporting;
using Involute.Runs;
using Involute.Runs.Claims;
using Involute.Runs.Configuration;
using Involute.Runs.Folders;
using Involute.Runs.Opening;
using Involute.Runs.Stores;

namespace Involute.Host.Listing;

/// <summary>The runs of a folder and of a database, with how each stands. Reads, and writes nothing.</summary>
/// <param name="runsFolder">Folder of all runs.</param>
/// <param name="time">For ages.</param>
internal sealed class RunCatalogue(string runsFolder, TimeProvider time)
{
    // A server that does not answer is waited for once, not for each of its runs.
    private readonly Dictionary<string, string> _silent = [];

    /// <summary>The runs of the folder by name; none if there is no such folder.</summary>
    /// <exception cref="IOException">It cannot be listed.</exception>
    public IReadOnlyList<ListedRun> InFolder()
    {
        if (File.Exists(runsFolder))
        {
            throw new IOException($"--runs {runsFolder}: it is a file; allowed: a folder of runs");
        }

        return !Directory.Exists(runsFolder)
            ? []
            :
            [
                .. Folders().OrderBy(folder => folder.RunId, StringComparer.Ordinal).Select(Of),
            ];
    }

    /// <summary>The folder's, and those that a shared store has beside them.</summary>
    /// <param name="store">The store; one that is not shared has none.</param>
    public IReadOnlyList<ListedRun> InFolderAnd(StoreOptions store)
    {
        ArgumentNullException.ThrowIfNull(store);
        var here = InFolder();
        var where = store.Where();
        var known = here.Where(run => run.Where == where).Select(run => run.Run).ToHashSet();
        return
        [
            .. here,
            .. store.ListRuns().Where(run => !known.Contains(run.Value)).Select(run => InStore(store, run)),
        ];
    }

    /// <summary>How one run stands.</summary>
    public ListedRun Of(RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        RunOutline outline;
        try
        {
            outline = RunOutline.Read(folder.Configuration);
        }
        catch (ConfigurationException unreadable)
        {
            return new ListedRun(
                folder.RunId, ListedRun.Unreadable, 0, null, null, null, null, null, null, null, null, null, "folder",
                folder.FullPath, unreadable.Message);
        }

        var record = folder.ReadStatus();
        var where = outline.Store?.Where() ?? "a plugin's store";
        var (timeline, claimed, problem) = Look(
            where, outline.Store?.Create(folder.FullPath, new RunId(folder.RunId)), folder);
        var loss = Loss(folder, ref problem);
        return Row(folder.RunId, RunStatusFile.Conclude(record, claimed), timeline, outline.OuterSteps) with
        {
            OuterStep = Math.Max(timeline.Step, problem is null ? 0 : record?.OuterStep ?? 0),
            MeanMetaLoss = loss.Last ?? Finite(timeline.MeanLoss),
            BestMetaLoss = loss.Best,
            Task = outline.Task,
            Optimizer = outline.Optimizer,
            Estimator = outline.Estimator,
            Where = where,
            Folder = folder.FullPath,
            Problem = problem,
        };
    }

    /// <summary>How a run stands that a shared store has, and no folder here.</summary>
    public ListedRun InStore(StoreOptions options, RunId run)
    {
        var (timeline, claimed, problem) = Look(options.Where(), options.Create("", run), folder: null);
        return Row(run.Value, claimed ? RunStatusFile.Running : ListedRun.Stored, timeline, null) with
        {
            Where = options.Where(),
            Problem = problem,
        };
    }

    private ListedRun Row(string run, string status, RunTimeline timeline, long? outerSteps)
    {
        var now = time.GetUtcNow();
        return new ListedRun(
            run, status, timeline.Step, outerSteps,
            status == RunStatusFile.Running ? timeline.RateNow ?? timeline.Rate : timeline.Rate,
            Since(timeline.Began), Since(timeline.LastStep), Finite(timeline.MeanLoss), null, null, null, null, "", null, null,
            ForkOrigin.Of(timeline.Fork));

        // Of a machine whose clock is ahead, a run begins in the future.
        double? Since(DateTimeOffset? then) => then is { } at ? Math.Max(0, (now - at).TotalSeconds) : null;
    }

    private (RunTimeline Timeline, bool Claimed, string? Problem) Look(string where, IRunStore? store, RunFolder? folder)
    {
        var claimedHere = folder is not null && FolderClaim.IsClaimed(folder.FullPath);
        if (store is null)
        {
            return (RunTimeline.Empty, claimedHere, "its store is a plugin's, which a list does not load");
        }

        if (_silent.TryGetValue(where, out var silence))
        {
            return (RunTimeline.Empty, claimedHere, silence);
        }

        try
        {
            return (RunTimeline.Read(store), claimedHere || store.Claimant() is not null, null);
        }
        catch (StoreUnreachableException unreachable)
        {
            _silent[where] = unreachable.Message;
            return (RunTimeline.Empty, claimedHere, unreachable.Message);
        }
        catch (Exception unreadable) when (unreadable is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return (RunTimeline.Empty, claimedHere, unreadable.Message);
        }
    }

    private static LossSummary Loss(RunFolder folder, ref string? problem)
    {
        try
        {
            return LossSummary.Of(folder.Metrics);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            problem ??= unreadable.Message;
            return new LossSummary(null, null);
        }
    }

    private IEnumerable<RunFolder> Folders() =>
        from path in Directory.EnumerateDirectories(runsFolder)
        where RunName.IsValid(Path.GetFileName(path)) && File.Exists(Path.Combine(path, ConfigurationLoader.FileName))
        select RunFolder.Open(runsFolder, Path.GetFileName(path));

    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}
