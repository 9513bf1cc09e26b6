using Involute.Actors.Telemetry;
using Involute.Estimators;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Runs;
using Involute.Runs.Configuration;
using Involute.Runs.Ledger;
using Involute.Runs.Opening;

namespace Involute.Actors.Learning;

/// <summary>What a learner is given: the run's settings, their plan, and how this process takes part.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Run">The run's settings: outer steps, checkpoints, restarts and the rest.</param>
/// <param name="Plan">Everything that decides theta, as the settings name it.</param>
internal sealed record LearnerSettings(RunId RunId, RunConfiguration Run, TrainingPlan<float> Plan)
{
    /// <summary>The usual value of <see cref="MostStateBytesInMemory"/>: 64 MiB.</summary>
    public const long UsualStateBytesInMemory = 64L << 20;

    /// <summary>Hash of the settings that decide theta: nodes and checkpoints must have the same.</summary>
    public string IdentitySha256 { get; init; } = Run.IdentitySha256();

    /// <summary>By what windows are computed in this process: the plan, or the same with its problem on a device.</summary>
    public TrainingPlan<float> NodePlan { get; init; } = Plan;

    /// <summary>Theta and the meta-optimizer before the first outer step, as the plan has them.</summary>
    public OuterState<float>? Initial { get; init; }

    /// <summary>Whether to go on from what the store holds; otherwise the store must be new.</summary>
    public bool Resume { get; init; }

    /// <summary>Settings that a resume has changed.</summary>
    public IReadOnlyList<SettingChange> SettingChanges { get; init; } = [];

    /// <summary>Settings that decide theta and that a resume has changed: they hold from the first step on that is new.</summary>
    public IReadOnlyList<SettingChange> ChangesAtStep { get; init; } = [];

    /// <summary>
    /// Writes settings that decide nothing into the run's folder, from where a resume and a standby take them. Returns why it
    /// cannot, in one line; null if it has.
    /// </summary>
    public Func<RunConfiguration, string?> Keep { get; init; } = _ => null;

    /// <summary>Steps that may be ahead of the store before the run pauses.</summary>
    public int MaxUnsavedSteps { get; init; } = 256;

    /// <summary>Bytes of past thetas that are kept for replays; at this many, a checkpoint is cut early.</summary>
    public long MaxReplayBytes { get; init; } = 256L << 20;

    /// <summary>
    /// Bytes of the states of all pairs that the learner keeps in memory at most; larger ones stay in the store, and the run
    /// waits while a checkpoint is written.
    /// </summary>
    public long MostStateBytesInMemory { get; init; } = UsualStateBytesInMemory;

    /// <summary>Bytes of the states of blocks, in pair order.</summary>
    public Func<IReadOnlyList<PairBlock>, IReadOnlyList<long>> StateBytes { get; init; } =
        StateBytesOf(new PairStateCheck<float>(Plan));

    /// <summary>What computes the run: nodes must have the same, and it stands in the ledger.</summary>
    public Computation Computation { get; init; } = Computation.Unknown;

    /// <summary>
    /// What is wrong with the bytes of a block's state after so many windows; null if nothing is. States come from
    /// other machines and go into checkpoints.
    /// </summary>
    public Func<PairBlock, ReadOnlyMemory<byte>, ThetaVersion, string?> StateProblem { get; init; } =
        StateProblemOf(new PairStateCheck<float>(Plan));

    /// <summary>How long a step may last before those who keep it waiting are reminded; null in one process.</summary>
    public TimeSpan? ReminderInterval { get; init; }

    /// <summary>Whether a run without nodes waits for one. In one process there will be no other.</summary>
    public bool WaitsForNodes { get; init; }

    /// <summary>Where those with a question find the learner of this process.</summary>
    public LearnerSeat Seat { get; init; } = new();

    /// <summary>Measures how long steps and checkpoints take.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Records how steps go, for telemetry and consoles.</summary>
    public OuterStepTrace Trace { get; } = new(TimeProvider.System);

    private static Func<IReadOnlyList<PairBlock>, IReadOnlyList<long>> StateBytesOf(PairStateCheck<float> check) =>
        blocks => [.. blocks.Select(check.StateBytes)];

    private static Func<PairBlock, ReadOnlyMemory<byte>, ThetaVersion, string?> StateProblemOf(
        PairStateCheck<float> check) => (block, state, windows) => check.Problem(block, state.Span, windows);

    /// <summary>The learner of a run in one process.</summary>
    /// <param name="run">The run.</param>
    /// <param name="computation">What computes it.</param>
    public static LearnerSettings Of(OpenRun run, Computation computation)
    {
        ArgumentNullException.ThrowIfNull(run);
        return new LearnerSettings(run.Id, run.Configuration, run.Plan)
        {
            NodePlan = run.NodePlan,
            Initial = run.Initial,
            Computation = computation,
            Resume = run.Resumes,
            SettingChanges = run.Changes,
            ChangesAtStep = run.ChangesAtStep,
            Keep = run.Operate,
        };
    }
}
