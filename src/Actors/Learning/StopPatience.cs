using Involute.Estimators.Plans;

namespace Involute.Actors.Learning;

/// <summary>
/// How long a stop waits for the outer step in flight and for its checkpoint: a few seconds, longer only where both
/// usually take longer.
/// </summary>
/// <remarks>
/// Nothing is lost by not waiting but time: a run goes on from its newest checkpoint. A store that does not answer, or a
/// pair whose step function does not return, must not keep a process alive that was asked to end.
/// </remarks>
internal static class StopPatience
{
    /// <summary>The shortest wait.</summary>
    public static readonly TimeSpan Least = TimeSpan.FromSeconds(6);

    /// <summary>The longest wait: supervisors kill a process after some ten seconds to minutes.</summary>
    public static readonly TimeSpan Most = TimeSpan.FromSeconds(60);

    /// <summary>From the request to stop on.</summary>
    /// <param name="step">What an outer step usually takes.</param>
    /// <param name="save">What a checkpoint usually takes.</param>
    public static TimeSpan Wait(TimeSpan step, TimeSpan save) =>
        TimeSpan.FromTicks(Math.Clamp(2 * (step + save).Ticks, Least.Ticks, Most.Ticks));

    /// <summary>What was not waited for any longer, for a person.</summary>
    /// <param name="phase">What the run waits for.</param>
    /// <param name="next">The step in flight.</param>
    public static string Overdue(LearnerPhase phase, ThetaVersion next) => phase switch
    {
        LearnerPhase.Stepping => $"outer step {next} was not waited for any longer",
        LearnerPhase.SavingStates => "the states of its pairs did not come in time",
        _ => "the store did not take the rest in time",
    };
}
