using Akka.Actor;
using Involute.Actors.Cluster;
using Involute.Runs;
using Involute.Runs.Configuration;
using Involute.Runs.Opening;

namespace Involute.Hosting;

/// <summary>Whether a run is begun or resumed.</summary>
public enum RunMode
{
    /// <summary>Resumes the run of this name, if there is one, with its own settings; else begins it.</summary>
    BeginOrResume,

    /// <summary>Begins a new run; one that is there already is refused.</summary>
    Begin,

    /// <summary>Resumes a run; one that is not there is refused.</summary>
    Resume,
}

/// <summary>What to train, where, and who hears of it.</summary>
public sealed class TrainingRunOptions
{
    /// <summary>
    /// Settings of a new run; of one that is resumed, those that may change (for instance more outer steps).
    /// </summary>
    /// <remarks>
    /// <see cref="RunConfiguration"/> by itself, or <see cref="ConfigurationLoader"/> for files and <c>KEY=VALUE</c>
    /// pairs with the defaults that go with a component.
    /// </remarks>
    public RunConfiguration Configuration { get; set; } = new();

    /// <summary>Folder of all runs; made when missing.</summary>
    public string RunsFolder { get; set; } = "runs";

    /// <summary>Name of the run and of its folder; null for a generated one, which is always a new run's.</summary>
    public string? Name { get; set; }

    /// <summary>Whether the run is begun or resumed.</summary>
    public RunMode Mode { get; set; }

    /// <summary>
    /// The actor system to run in; it needs the settings of <see cref="InvoluteExtensions.WithInvolute"/>. Null for one
    /// of the run's own.
    /// </summary>
    public ActorSystem? ActorSystem { get; set; }

    /// <summary>
    /// With <see cref="InvoluteExtensions"/>: whether the application ends when the run does.
    /// </summary>
    public bool StopsApplication { get; set; }

    /// <summary>Makes one more observer of the run, when it has been opened; calls to it must return quickly.</summary>
    public Func<OpenRun, IRunObserver>? Observe { get; set; }

    /// <summary>
    /// This process's place in a cluster whose other members compute; null to compute in this process.
    /// </summary>
    public LearnerPlace? Cluster { get; set; }

    /// <summary>Where the process can be asked and steered while it runs (<c>involute console</c>); null for nowhere.</summary>
    public ConsoleOptions? Console { get; set; }

    /// <summary>Where the process serves HTTP, for <c>nodes.json</c>; null for nowhere.</summary>
    internal Endpoint? Web { get; set; }
}
