using Involute.Estimators.Plans;
using Involute.Runs.Checkpoints;
using Involute.Runs.Configuration;
using Involute.Runs.Folders;
using Involute.Runs.Ledger;
using Involute.Runs.Verification;
using Involute.Tasks;

namespace Involute.Runs.Opening;

/// <summary>An outer step of a run that another run is to go on from, and what there is to take over.</summary>
internal sealed class ForkPoint
{
    private readonly VerifiedRun _run;

    private ForkPoint(RunThetas parent, Theta<float> theta, StepRecorded record, string ledger)
    {
        (Folder, Layout, _run) = (parent.Folder, parent.Layout, parent.Run);
        (Theta, Record, Ledger) = (theta, record, ledger);
        Settings = new ChangingSettings(
            parent.Configuration, _run.History.SettingChanges.Where(change => change.Step <= Step));
        Checkpoint = _run.GoodCheckpoints.FirstOrDefault(it => it.Step == Step && _run.IsWhole(it.Step));
        Computation = _run.History.Epochs is [.., var last] ? last.Computation : null;
    }

    /// <summary>The folder of the run.</summary>
    public RunFolder Folder { get; }

    /// <summary>The settings of the run up to the step, with the changes after it that the next step goes by.</summary>
    public ChangingSettings Settings { get; }

    /// <summary>Names and shapes of its theta.</summary>
    public ThetaLayout Layout { get; }

    /// <summary>The theta.</summary>
    public Theta<float> Theta { get; }

    /// <summary>What the run's ledger has of the step.</summary>
    public StepRecorded Record { get; }

    /// <summary>The writer of the ledger's first event.</summary>
    public string Ledger { get; }

    /// <summary>The checkpoint of the step; null if only its theta was kept.</summary>
    public Checkpoint? Checkpoint { get; }

    /// <summary>What computed the run last; null if its ledger does not say.</summary>
    public Computation? Computation { get; }

    /// <summary>The step.</summary>
    public long Step => Theta.Version.Value;

    /// <summary>As the folder of the fork says it.</summary>
    public RunOrigin Origin => new(Folder.RunId, Folder.FullPath, Step, Ledger);

    /// <summary>The states of all pairs, loaded from the run's store where they stand in parts.</summary>
    public IEnumerable<PairSnapshot> Pairs() => Checkpoint!.LoadedPairs(_run.LoadStates);

    /// <summary>Reads a run.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="configuration">Its settings.</param>
    /// <param name="step">A step with a checkpoint, or whose theta was kept; null for the newest checkpoint.</param>
    /// <exception cref="RunRefusedException">It has no such step.</exception>
    /// <exception cref="InvalidDataException">Anything in its store is not as it should be.</exception>
    /// <exception cref="IOException">It cannot be read now.</exception>
    public static ForkPoint Read(RunFolder folder, RunConfiguration configuration, long? step)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var parent = RunThetas.Read(folder, configuration);
        var wanted = step ?? parent.Newest.Version.Value;
        return wanted > 0 && parent.Of(wanted) is { } theta && parent.RecordOf(wanted) is { } record
            && parent.Run.History.FirstWriter is { } ledger
                ? new ForkPoint(parent, theta, record, ledger)
                : throw new RunRefusedException(
                    step is null || parent.Steps.All(it => it == 0)
                        ? $"run {folder.RunId} has no checkpoint yet that another run could go on from"
                        : $"--step: run {folder.RunId} has no theta of outer step {wanted} to go on from; allowed: "
                            + parent.Nearest(wanted, least: 1));
    }
}
