using System.Globalization;
using Akka.Actor;
using Involute.Actors.Cluster;
using Involute.Actors.Learning;
using Involute.Actors.Palettes;
using Involute.Runs;
using Involute.Runs.Opening;

namespace Involute.Hosting;

/// <summary>The console of a process that leads a run, or stands by to.</summary>
internal sealed class RunConsole : IAsyncDisposable
{
    private const string LogName = "console.log";

    private readonly NodeConsole _node;
    private readonly RunSubject _run;
    private readonly Action<string> _tell;
    private readonly Lock _gate = new();

    private RunConsole(ConsoleOptions options, OpenRun run)
    {
        _node = new NodeConsole(options);
        _run = new RunSubject(run, new RunWatch(TimeProvider.System, _node.News), new LearnerSeat());
        _tell = options.Record;
    }

    /// <summary>Hears of the run.</summary>
    public IRunObserver Observer => _run.Watch;

    /// <summary>Where the learner of this process is found.</summary>
    public LearnerSeat Seat => _run.Seat;

    /// <summary>Where it listens.</summary>
    public Endpoint Address => _node.Address;

    /// <summary>What the members of the cluster know of the place.</summary>
    public string Role => _node.Role;

    /// <summary>Takes the place; null without a console.</summary>
    /// <exception cref="IOException">It is not free; one line.</exception>
    public static RunConsole? Open(ConsoleOptions? options, OpenRun run) =>
        options is null ? null : new RunConsole(options, run);

    /// <summary>Begins to answer.</summary>
    /// <param name="system">The actor system of the run.</param>
    /// <param name="place">Where the process listens for workers; null if it computes by itself.</param>
    public void Start(ActorSystem system, Endpoint? place)
    {
        var id = _run.Open.Id.Value;
        _node.Start(
            system, place?.ToString() ?? id, id, isMember: place is not null,
            [LearnerPalette.Of(_run), PairPalette.Of(_run), ThetaPalette.Of(_run), ConfigPalette.Of(_run)], Record);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _node.DisposeAsync();

    // Who has changed what, and when: what is in the ledger says only what.
    private void Record(string line)
    {
        var time = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        try
        {
            lock (_gate)
            {
                File.AppendAllText(Path.Combine(_run.Open.Folder.FullPath, LogName), $"{time} {line}\n");
            }
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            _tell($"{LogName} cannot be written: {unwritable.Message}");
        }
    }
}
