using Involute.Estimators;
using Involute.Runs;

namespace Involute.Actors.Tests.Doubles;

/// <summary>Records what it is told, and can act at the end of a step.</summary>
internal sealed class RecordingObserver : IRunObserver
{
    public OuterState<float>? Start { get; private set; }

    public List<OuterStepResult<float>> Steps { get; } = [];

    public List<long> Checkpoints { get; } = [];

    public List<string> Warnings { get; } = [];

    /// <summary>Called in the learner after each step.</summary>
    public Action<long> OnStep { get; set; } = _ => { };

    public string[] Hashes => [.. Steps.Select(step => step.State.Theta.HashText())];

    public void Started(OuterState<float> state, IReadOnlyList<string> warnings)
    {
        Start = state;
        Warnings.AddRange(warnings);
    }

    public void StepCompleted(OuterStepResult<float> result)
    {
        Steps.Add(result);
        OnStep(result.Version.Value);
    }

    public void CheckpointSaved(long step) => Checkpoints.Add(step);

    public void Warned(string message) => Warnings.Add(message);
}
