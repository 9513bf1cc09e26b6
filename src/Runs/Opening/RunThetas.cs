using Involute.Estimators.Plans;
using Involute.Runs.Configuration;
using Involute.Runs.Folders;
using Involute.Runs.Ledger;
using Involute.Runs.Stores;
using Involute.Runs.Verification;
using Involute.Tasks;
using Involute.Tasks.Optimizers;

namespace Involute.Runs.Opening;

/// <summary>The thetas of a run that can be had, for use elsewhere.</summary>
/// <remarks>Read as every command reads a run: what differs from the ledger is refused.</remarks>
public sealed class RunThetas
{
    private const int MostListed = 8;

    private readonly SortedDictionary<long, Theta<float>> _thetas = [];
    private readonly KeptThetas _kept;
    private readonly IRunStore _store;
    private readonly SortedSet<long> _steps = [];

    private RunThetas(RunFolder folder, RunConfiguration configuration, IRunStore store, VerifiedRun run)
    {
        (Folder, Configuration, _store, Run) = (folder, configuration, store, run);
        _kept = new KeptThetas(folder);
        (Layout, var initial) = PlanFactory.InitialThetaAndLayout(configuration);
        if (folder.ReadOrigin() is null)
        {
            _thetas[0] = initial;
            _steps.Add(0);
        }
    }

    /// <summary>What the store says.</summary>
    internal VerifiedRun Run { get; }

    /// <summary>The run's folder.</summary>
    public RunFolder Folder { get; }

    /// <summary>The run's settings.</summary>
    public RunConfiguration Configuration { get; }

    /// <summary>Names and shapes of theta.</summary>
    public ThetaLayout Layout { get; }

    /// <summary>
    /// Steps whose theta can be had, ascending: 0 is the theta before the first outer step, which a fork does not have.
    /// </summary>
    public IReadOnlyCollection<long> Steps => _steps;

    /// <summary>The newest theta: that of the last checkpoint, or the initial one where there is none yet.</summary>
    public Theta<float> Newest => _thetas[_thetas.Keys.Last()];

    /// <summary>The theta of a step; null if it is not among <see cref="Steps"/>.</summary>
    /// <exception cref="InvalidDataException">It was kept, and is not the theta that the ledger tells of.</exception>
    /// <exception cref="IOException">It was kept, and cannot be read.</exception>
    public Theta<float>? Of(long step) =>
        _thetas.TryGetValue(step, out var theta) ? theta
        : _steps.Contains(step) ? _kept.Read(step, Layout.Length, HashOf(step))
        : null;

    /// <summary>Reads a run by its folder.</summary>
    /// <param name="runFolder">Path of the run's folder.</param>
    /// <exception cref="IOException">There is no such run, or it cannot be read now.</exception>
    /// <exception cref="InvalidDataException">Anything in its store is not as it should be.</exception>
    /// <exception cref="ConfigurationException">Its settings are wrong.</exception>
    public static RunThetas Read(string runFolder)
    {
        ArgumentException.ThrowIfNullOrEmpty(runFolder);
        var folder = RunFolder.Open(".", runFolder);
        return Read(folder, ConfigurationLoader.LoadRun(folder.FullPath, [], null));
    }

    /// <summary>Reads a run.</summary>
    /// <exception cref="InvalidDataException">Anything in its store is not as it should be.</exception>
    /// <exception cref="IOException">It cannot be read now.</exception>
    public static RunThetas Read(RunFolder folder, RunConfiguration configuration) =>
        Read(folder, configuration, computation: null);

    /// <summary>Reads a run that this program goes on to compute with.</summary>
    internal static RunThetas Read(RunFolder folder, RunConfiguration configuration, Computation? computation)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(configuration);
        var store = StoreFactory.Create(folder, configuration);
        var run = RunReader.Read(folder, configuration, store, computation);
        RunReader.Require(run);
        var thetas = new RunThetas(folder, configuration, store, run);
        foreach (var checkpoint in run.GoodCheckpoints)
        {
            thetas._thetas[checkpoint.Step] = checkpoint.State.Theta;
        }

        // One that was kept after the ledger's end will be computed again.
        thetas._steps.UnionWith(thetas._kept.Steps().Where(step => step <= run.LastStep));
        thetas._steps.UnionWith(thetas._thetas.Keys);
        return thetas;
    }

    /// <summary>The run's learned optimizer with one of these thetas, for a training loop of one's own.</summary>
    /// <param name="tensors">Names and shapes of the parameters of the model that is trained.</param>
    /// <param name="horizon">Steps that the training is meant to take.</param>
    /// <param name="theta">One of these thetas; null for the newest.</param>
    /// <exception cref="InvalidOperationException">
    /// The run has no learned optimizer: its theta is of another kind.
    /// </exception>
    public OptimizerSession Optimizer((string Name, int[] Shape)[] tensors, int horizon, Theta<float>? theta = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        return Configuration.Task.HasOwnTheta
            ? throw new InvalidOperationException(
                $"{Configuration.Task.Title} has a theta of its own, and no learned optimizer")
            : new OptimizerSession(
                PlanFactory.Optimizer(Configuration), (theta ?? Newest).Values, ThetaLayout.LayOut(tensors), horizon);
    }

    /// <summary>The steps whose theta can be had; of many, those that are nearest to a step.</summary>
    /// <param name="wanted">The step.</param>
    /// <param name="least">The least step that would do.</param>
    internal string Nearest(long wanted, long least = 0)
    {
        long[] all = [.. Steps.Where(step => step >= least)];
        long[] nearest = [.. all.Where(step => step < wanted).TakeLast(1), .. all.Where(step => step > wanted).Take(1)];
        return all.Length <= MostListed
            ? string.Join(", ", all)
            : $"{string.Join(" or ", nearest)}, the nearest of {all.Length}";
    }

    /// <summary>What the ledger has of a step; null if it has nothing.</summary>
    internal StepRecorded? RecordOf(long step) => RecordedStep.Find(_store, step);

    private string HashOf(long step) => RecordOf(step)?.ThetaSha256 ?? "";
}
