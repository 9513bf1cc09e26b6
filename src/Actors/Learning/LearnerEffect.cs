using Involute.Actors.Protocol;
using Involute.Estimators;
using Involute.Estimators.Pairs;
using Involute.Runs;
using Involute.Runs.Checkpoints;
using Involute.Runs.Configuration;
using Involute.Runs.Ledger;
using static Involute.Actors.Protocol.NodeProtocol;

namespace Involute.Actors.Learning;

/// <summary>What <see cref="LearnerState"/> has decided; <see cref="LearnerActor"/> performs it, in order.</summary>
internal abstract record LearnerEffect
{
    private LearnerEffect()
    {
    }

    /// <summary>Send a message to one node.</summary>
    public sealed record SendToNode(string Node, IWireMessage Message) : LearnerEffect;

    /// <summary>From now on the sender of what led to this is the node of its path; watch it.</summary>
    public sealed record AdmitNode(NodeIdentity Node, RegisterNode Registration) : LearnerEffect;

    /// <summary>Nothing more goes to this node.</summary>
    public sealed record ForgetNode(NodeIdentity Node) : LearnerEffect;

    /// <summary>Answer the sender of what led to this.</summary>
    public sealed record Reply(IWireMessage Message) : LearnerEffect;

    /// <summary>Answer an operator who is the sender of what led to this.</summary>
    public sealed record Answer(object Message) : LearnerEffect;

    /// <summary>Send the theta of the step to every node.</summary>
    public sealed record PublishTheta(ThetaPublished Message) : LearnerEffect;

    /// <summary>Record the step with the ledger, and report it.</summary>
    public sealed record CompleteStep(OuterStepResult<float> Result, StepCourse Course) : LearnerEffect
    {
        /// <summary>What the step was made from, in pair order.</summary>
        public IReadOnlyList<PairContribution<float>> Contributions => Course.Contributions;
    }

    /// <summary>Record with the ledger that a setting changes after the last step that it was given.</summary>
    public sealed record RecordSetting(SettingChanged Change) : LearnerEffect;

    /// <summary>Settings that decide nothing have changed: tell those that go by them.</summary>
    public sealed record Operate(RunConfiguration Settings) : LearnerEffect;

    /// <summary>Give the ledger a checkpoint.</summary>
    public sealed record SaveCheckpoint(Checkpoint Checkpoint) : LearnerEffect;

    /// <summary>Give the ledger the states of some consecutive blocks: parts of a checkpoint to come.</summary>
    public sealed record StoreStates(int Group, IReadOnlyList<PairSnapshot> States) : LearnerEffect;

    /// <summary>Ask the ledger for states that it has been given before.</summary>
    public sealed record LoadStates(IReadOnlyList<StateGroup> Groups) : LearnerEffect;

    /// <summary>Report that a checkpoint is on disk.</summary>
    public sealed record ReportCheckpoint(long Step) : LearnerEffect;

    /// <summary>Tell the operator.</summary>
    public sealed record Warn(string Message) : LearnerEffect
    {
        /// <summary>See <see cref="RunNews.Event"/>.</summary>
        public string Event { get; init; } = RunNews.Warning;

        /// <summary>Whether it is a warning, or only news.</summary>
        public bool IsWarning { get; init; } = true;

        /// <summary>See <see cref="RunNews.Pair"/>.</summary>
        public int? Pair { get; init; }

        /// <summary>The path of the node that it is about; null if about none.</summary>
        public string? Node { get; init; }

        /// <summary>The same for the run's observer.</summary>
        /// <param name="step">The outer step of now.</param>
        public RunNews News(long? step) => new(Event, Message)
        {
            IsWarning = IsWarning,
            Step = step,
            Pair = Pair,
            Node = Node is null ? null : NodeName.Address(Node),
        };
    }

    /// <summary>The run is over.</summary>
    public sealed record EndRun(RunOutcome Outcome) : LearnerEffect;
}
