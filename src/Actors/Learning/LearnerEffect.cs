using Involute.Actors.Protocol;
using Involute.Estimators;
using Involute.Estimators.Pairs;
using Involute.Runs;
using Involute.Runs.Checkpoints;
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

    /// <summary>Send the theta of the step to every node.</summary>
    public sealed record PublishTheta(ThetaPublished Message) : LearnerEffect;

    /// <summary>Record the step with the ledger, and report it.</summary>
    public sealed record CompleteStep(
        OuterStepResult<float> Result, IReadOnlyList<PairContribution<float>> Contributions) : LearnerEffect;

    /// <summary>Give the ledger a checkpoint.</summary>
    public sealed record SaveCheckpoint(Checkpoint Checkpoint) : LearnerEffect;

    /// <summary>Report that a checkpoint is on disk.</summary>
    public sealed record ReportCheckpoint(long Step) : LearnerEffect;

    /// <summary>Tell the operator.</summary>
    public sealed record Warn(string Message) : LearnerEffect;

    /// <summary>The run is over.</summary>
    public sealed record EndRun(RunOutcome Outcome) : LearnerEffect;
}
