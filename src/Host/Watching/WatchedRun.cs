using System.Text.Json.Nodes;
using Involute.Actors.Cluster;
using Involute.Commands;
using Involute.Host.Reporting.Live;
using Involute.Runs;
using Involute.Runs.Claims;
using Involute.Runs.Configuration;
using Involute.Runs.Folders;
using Involute.Runs.Stores;

namespace Involute.Host.Watching;

/// <summary>
/// One run on dashboards: what its files, its ledger and its console say, read as it grows, and once for all pages.
/// </summary>
internal sealed class WatchedRun : IAsyncDisposable
{
    private const int MostPairs = 2000;

    // The list of a thousand pairs takes a learner as long as dozens of other answers: it is asked for again when that much
    // more time has passed than it took.
    private const int PairsRest = 200;

    private static readonly string[] Clocked =
    [
        "elapsed_seconds", "total_inner_steps", "outer_steps_per_second", "inner_steps_per_second", "signal_to_noise",
        "meta_learning_rate", "waiting_share", "pair_loss_p10", "pair_loss_p90",
    ];

    // A little less than the pages rest between two ticks: however many they are, one reads for all, and none sees a tick twice.
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1.9);
    private static readonly TimeSpan StoreRest = TimeSpan.FromSeconds(30);

    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _gate = new(1);
    private readonly ConsoleLink _console;
    private readonly IRunStore? _store;
    private long _readAt;
    private long _pairsAskedAt;
    private TimeSpan _pairsTook;
    private bool _isRead;
    private long _storeFailedAt;
    private bool _storeFailed;
    private int _changesKnown = -1;
    private bool _isClaimedElsewhere;

    /// <param name="folder">Its folder.</param>
    /// <param name="time">The clock.</param>
    public WatchedRun(RunFolder folder, TimeProvider time)
    {
        (Folder, _time) = (folder, time);
        _console = new ConsoleLink(folder, time);
        Metrics = new CurveTable(folder.Metrics, ThetaCurves.OfMetrics);
        Progress = new CurveTable(folder.Progress, header => CurveColumn.Of(header, Clocked, "signal_to_noise"));
        Nodes = new NodeShares(folder.NodeTimes);
        Trails = new PairTrails(folder.Pairs);
        Log = new LogEvents(folder.Log);
        try
        {
            Outline = RunOutline.Read(folder.Configuration);
            _store = Outline.Store?.Create(folder.FullPath, new RunId(folder.RunId));
        }
        catch (Exception unreadable) when (unreadable is ConfigurationException or IOException or UnauthorizedAccessException)
        {
            Problem = unreadable.Message;
        }
    }

    /// <summary>Its folder.</summary>
    public RunFolder Folder { get; }

    /// <summary>Its settings in short; null if they cannot be read.</summary>
    public RunOutline? Outline { get; }

    /// <summary>What cannot be read, in one line; null if all can.</summary>
    public string? Problem { get; private set; }

    /// <summary>A row for each outer step.</summary>
    public CurveTable Metrics { get; }

    /// <summary>How it goes by the clock.</summary>
    public CurveTable Progress { get; }

    /// <summary>What each node computes.</summary>
    public NodeShares Nodes { get; }

    /// <summary>The first pairs.</summary>
    public PairTrails Trails { get; }

    /// <summary>What the log says.</summary>
    public LogEvents Log { get; }

    /// <summary>What the ledger says.</summary>
    public LedgerEvents Ledger { get; } = new();

    /// <summary>How it stands.</summary>
    public RunStatusFile Standing { get; private set; } = new(RunStatusFile.Crashed, 0);

    /// <summary>How long ago the newest row of an outer step was written; null if there is none.</summary>
    public TimeSpan? SinceStep { get; private set; }

    /// <summary>How the learner stood a moment ago.</summary>
    public LiveStatus? Live { get; private set; }

    /// <summary>Where a learner is, or was a moment ago, that does not lead; null if there is none.</summary>
    public string? Standby => NodesFile.Read(Folder).FirstOrDefault(
        node => node is { Role: ClusterRole.Learner, IsLeading: false })?.Address;

    /// <summary>The console's answer to <c>learner status</c>; null without a console.</summary>
    public JsonObject? Status { get; private set; }

    /// <summary>All pairs as the console lists them; null without a console.</summary>
    public IReadOnlyList<JsonObject>? Pairs { get; private set; }

    /// <summary>Settings that can be changed now, with their values.</summary>
    public IReadOnlyList<JsonObject> Settings { get; private set; } = [];

    /// <summary>Commands that change it; none without a console.</summary>
    public IReadOnlyList<CommandDefinition> Commands => _console.Commands;

    /// <summary>Whether it has a console that does not answer.</summary>
    public bool IsSilent => _console.IsSilent;

    /// <summary>Its line in the list.</summary>
    public JsonObject Line()
    {
        RunStatusFile standing;
        LiveStatus? live;
        try
        {
            (standing, live) = Stand();
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            // One that this user may not read keeps none of the others out of the list.
            (standing, live) = (new RunStatusFile("unreadable", 0), null);
        }

        return new JsonObject
        {
            ["name"] = Folder.RunId,
            ["status"] = standing.Status,
            ["step"] = standing.OuterStep,
            ["steps"] = live?.OuterSteps ?? Outline?.OuterSteps,
        };
    }

    /// <summary>
    /// Reads what is new, unless that was done a moment ago; then makes something of it, while no other reading changes it.
    /// </summary>
    public async Task<T> ReadAsync<T>(Func<WatchedRun, T> make, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(make);
        await _gate.WaitAsync(cancellation);
        try
        {
            if (!_isRead || _time.GetElapsedTime(_readAt) >= Moment)
            {
                await RefreshAsync(cancellation);
                (_isRead, _readAt) = (true, _time.GetTimestamp());
            }

            return make(this);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Gives a command to its console.</summary>
    public async Task<(bool Done, string Answer)> GiveAsync(IReadOnlyList<string> words, CancellationToken cancellation)
    {
        var outcome = await _console.GiveAsync(words, cancellation);
        _isRead = false;
        return outcome;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _console.DisposeAsync();

    private async Task RefreshAsync(CancellationToken cancellation)
    {
        Problem = Outline is null ? Problem : null;
        try
        {
            (Standing, Live) = Stand();
            Metrics.Refresh();
            SinceStep = Metrics.LastStep > 0 ? _time.GetUtcNow() - File.GetLastWriteTimeUtc(Folder.Metrics) : null;
            Progress.Refresh();
            Nodes.Refresh();
            Trails.Refresh();
            Log.Refresh();
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            Problem = unreadable.Message.ReplaceLineEndings(" ");
        }

        if (_store is not null && (!_storeFailed || _time.GetElapsedTime(_storeFailedAt) >= StoreRest))
        {
            await ReadLedgerAsync(_store, cancellation);
        }

        await AskConsoleAsync(cancellation);
    }

    // A database elsewhere may take long to refuse.
    private async Task ReadLedgerAsync(IRunStore store, CancellationToken cancellation)
    {
        try
        {
            await Task.Run(
                () =>
                {
                    Ledger.Refresh(store);
                    _isClaimedElsewhere = store.Claimant() is not null;
                },
                cancellation);
            _storeFailed = false;
        }
        catch (Exception unreadable) when (unreadable is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            (_storeFailed, _storeFailedAt) = (true, _time.GetTimestamp());
            Problem = $"events cannot be read: {unreadable.Message.ReplaceLineEndings(" ")}";
        }
    }

    private async Task AskConsoleAsync(CancellationToken cancellation)
    {
        Status = await _console.AskAsync(["learner", "status"], cancellation) is [var status, ..] ? status : null;
        if (Status is null)
        {
            (Pairs, Settings, _changesKnown) = (null, [], -1);
            return;
        }

        if (Pairs is null || _time.GetElapsedTime(_pairsAskedAt) >= PairsRest * _pairsTook)
        {
            _pairsAskedAt = _time.GetTimestamp();
            Pairs = await _console.AskAsync(["pair", "list", "-n", $"{MostPairs}"], cancellation);
            _pairsTook = _time.GetElapsedTime(_pairsAskedAt);
        }

        if (_changesKnown != Ledger.Changes)
        {
            Settings =
            [
                .. (await _console.AskAsync(["config", "show"], cancellation) ?? [])
                    .Where(setting => IsChangeable(setting["key"]?.GetValue<string>())),
            ];
            _changesKnown = Ledger.Changes;
        }
    }

    // What the console offers for 'learner set', which is of the run as a whole or of its meta-optimizer.
    private bool IsChangeable(string? key) => _console.Commands
        .SelectMany(command => command.Arguments).SelectMany(argument => argument.Values)
        .Any(name => key == $"involute.{name}" || key == $"involute.meta-optimizer.{name}");

    // The record is written at a learner's start and end; in between progress.json knows more.
    private (RunStatusFile Status, LiveStatus? Live) Stand()
    {
        var live = LiveStatus.Read(Folder.Live);
        var record = Folder.ReadStatus();
        var status = RunStatusFile.Conclude(record, _isClaimedElsewhere || FolderClaim.IsClaimed(Folder.FullPath));
        var step = Math.Max(record?.OuterStep ?? 0, live?.OuterStep ?? 0);
        return (new RunStatusFile(status, step, record?.Message ?? ""), live);
    }
}
