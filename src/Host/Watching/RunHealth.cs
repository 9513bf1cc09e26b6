using System.Globalization;
using Akka.Actor;
using Involute.Actors.Protocol;
using Involute.Dashboard.Serving;
using Involute.Hosting;

namespace Involute.Host.Watching;

/// <summary>Whether a process that leads a run, or stands by to, is fit for it.</summary>
/// <param name="run">The run.</param>
/// <param name="time">The clock.</param>
internal sealed class RunHealth(TrainingRun run, TimeProvider time)
{
    // A step may always take this long; one that usually takes longer, ten times as long as usual.
    private static readonly TimeSpan LeastPatience = TimeSpan.FromMinutes(1);
    private const double Patience = 10;

    /// <summary>How long an answer may take.</summary>
    internal static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(2);

    /// <summary>How it stands.</summary>
    public async Task<Fitness> AskAsync(CancellationToken cancellation)
    {
        if (run.Completion.IsCompleted)
        {
            return Fitness.NotReady("the run has ended in this process");
        }

        if (run.Seat.Learner is not { } learner)
        {
            return WithoutLearner(run.Leading.IsCompleted, run.IsMember);
        }

        try
        {
            return await learner.Ask<object>(new ControlProtocol.AskStanding(), LongestAnswer, cancellation) switch
            {
                ControlProtocol.Standing standing => Judge(
                    standing, run.Instruments.Last, run.Instruments.UsualSeconds, time.GetUtcNow()),
                ControlProtocol.Refused refused => Fitness.NotReady(refused.Reason),
                var other => Fitness.NotReady($"the learner answers with {other.GetType().Name}"),
            };
        }
        catch (AskTimeoutException)
        {
            return Fitness.NotReady($"the learner has not answered for {LongestAnswer.TotalSeconds:0} s");
        }
    }

    /// <summary>How a process stands that has no learner.</summary>
    /// <param name="hasLed">Whether it had one.</param>
    /// <param name="isMember">Whether its cluster has let it in; null without a cluster.</param>
    internal static Fitness WithoutLearner(bool hasLed, bool? isMember) => (hasLed, isMember) switch
    {
        (true, _) => Fitness.NotReady("the learner of this process has ended"),
        (_, null) => Fitness.NotReady("the run has not begun"),
        (_, false) => Fitness.NotReady("this process has not joined its cluster"),
        _ => Fitness.Ready("standing by: another learner leads the run"),
    };

    /// <summary>How long something may take that usually takes so many seconds.</summary>
    internal static TimeSpan Limit(double usual) =>
        TimeSpan.FromSeconds(Math.Max(LeastPatience.TotalSeconds, Patience * usual));

    /// <summary>The same by what is known.</summary>
    /// <param name="standing">What the learner says.</param>
    /// <param name="last">The last outer step, and when it was done.</param>
    /// <param name="usual">What one usually takes, in seconds.</param>
    /// <param name="now">The time.</param>
    internal static Fitness Judge(
        ControlProtocol.Standing standing, (long Step, DateTimeOffset At)? last, double usual, DateTimeOffset now)
    {
        if (standing.Phase == "waiting for the store")
        {
            return Fitness.NotReady("the store does not answer, or is far behind: no step is begun until it has caught up");
        }

        if (last is not { } known)
        {
            return Fitness.NotReady("the run has not begun");
        }

        var age = now - known.At;
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"outer step {known.Step}, {Math.Max(0, age.TotalSeconds):0.0} s ago; {(standing.IsHeld ? "held by an operator" : standing.Phase)}");
        var limit = Limit(usual);
        return standing.IsHeld || age <= limit
            ? Fitness.Ready(line)
            : Fitness.NotReady($"no outer step for {limit.TotalSeconds:0} s: {line}");
    }
}
