namespace Involute.Runs.Ledger;

/// <summary>What is to be done with a step that the learner wants to have recorded.</summary>
internal abstract record StepVerdict
{
    private StepVerdict()
    {
    }

    /// <summary>It is new: write this.</summary>
    public sealed record Write(StepRecorded Event) : StepVerdict;

    /// <summary>It was recorded before, with the same facts: nothing to write.</summary>
    public sealed record Known : StepVerdict;

    /// <summary>It contradicts the ledger.</summary>
    public sealed record Refuse(string Reason) : StepVerdict;
}
