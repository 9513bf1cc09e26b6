using System.Text.Json.Nodes;
using Involute.Dashboard.Page;
using Involute.Runs.Configuration;
using Involute.Runs.Folders;

namespace Involute.Host.Watching;

/// <summary>The runs of a folder, for dashboards. What was read is shared by all pages, for a moment.</summary>
/// <param name="runsFolder">Folder of all runs; it may come later.</param>
/// <param name="time">The clock.</param>
internal sealed class WatchedRuns(string runsFolder, TimeProvider time) : IRunsSource
{
    private const int MostRuns = 500;
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1.5);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, WatchedRun> _runs = new(StringComparer.Ordinal);
    private string? _list;
    private long _listedAt;

    /// <inheritdoc/>
    public string Runs()
    {
        lock (_gate)
        {
            if (_list is null || time.GetElapsedTime(_listedAt) >= Moment)
            {
                (_list, _listedAt) = (List().ToJsonString(), time.GetTimestamp());
            }

            return _list;
        }
    }

    /// <inheritdoc/>
    public IRunFollower Follow(string name) => new RunFollower(this, name);

    /// <inheritdoc/>
    public async Task<CommandOutcome> CommandAsync(string name, IReadOnlyList<string> words, CancellationToken cancellation)
    {
        if (Find(name) is not { } run)
        {
            return new CommandOutcome(false, "there is no such run");
        }

        var (done, answer) = await run.GiveAsync(words, cancellation);
        return new CommandOutcome(done, answer);
    }

    /// <summary>A run; null if there is none of that name now.</summary>
    public WatchedRun? Find(string name)
    {
        lock (_gate)
        {
            return Known(name);
        }
    }

    // Those that changed last, because a folder may have any number of runs; in an order that does not change while they go on.
    private JsonArray List()
    {
        if (!Directory.Exists(runsFolder))
        {
            return [];
        }

        var runs = new DirectoryInfo(runsFolder).EnumerateDirectories()
            .OrderByDescending(folder => folder.LastWriteTimeUtc).Take(MostRuns)
            .Select(folder => Known(folder.Name)).OfType<WatchedRun>()
            .OrderByDescending(run => File.GetLastWriteTimeUtc(run.Folder.Configuration))
            .ThenBy(run => run.Folder.RunId, StringComparer.Ordinal);
        return [.. runs.Select(run => run.Line())];
    }

    private WatchedRun? Known(string name)
    {
        if (!RunName.IsValid(name) || !File.Exists(Path.Combine(runsFolder, name, ConfigurationLoader.FileName)))
        {
            _runs.Remove(name);
            return null;
        }

        return _runs.TryGetValue(name, out var known) ? known
            : _runs[name] = new WatchedRun(RunFolder.Open(runsFolder, name), time);
    }
}
