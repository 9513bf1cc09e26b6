using System.Globalization;
using Akka.Actor;
using Involute.Actors.Cluster;
using Involute.Actors.Protocol;
using Involute.Actors.Telemetry;
using Involute.Dashboard.Serving;

namespace Involute.Host.Watching;

/// <summary>Whether a worker is fit for its work.</summary>
/// <param name="worker">The worker.</param>
/// <param name="pulse">How its node goes on.</param>
/// <param name="time">The clock.</param>
internal sealed class WorkerHealth(WorkerNode worker, NodePulse pulse, TimeProvider time)
{
    /// <summary>How it stands.</summary>
    public async Task<Fitness> AskAsync(CancellationToken cancellation)
    {
        if (worker.Completion.IsCompleted)
        {
            return Fitness.NotReady("the worker has ended");
        }

        if (!worker.IsMember)
        {
            return Fitness.NotReady("this worker has not joined its cluster");
        }

        try
        {
            return Judge(
                await worker.System.ActorSelection(WorkerNode.WorkerPath).Ask<ControlProtocol.WorkerStanding>(
                    new ControlProtocol.AskWorker(), RunHealth.LongestAnswer, cancellation),
                pulse.Now,
                time.GetUtcNow());
        }
        catch (AskTimeoutException)
        {
            return Fitness.NotReady($"the worker has not answered for {RunHealth.LongestAnswer.TotalSeconds:0} s");
        }
    }

    /// <summary>The same by what is known.</summary>
    /// <param name="standing">What the worker says.</param>
    /// <param name="beat">The step that it computes, if any.</param>
    /// <param name="now">The time.</param>
    internal static Fitness Judge(ControlProtocol.WorkerStanding standing, NodeBeat? beat, DateTimeOffset now)
    {
        if (standing.Learner is null || !standing.IsAccepted)
        {
            return Fitness.NotReady(standing.State);
        }

        var place = $"run {standing.Run}, led by {standing.Learner}";
        if (beat is null)
        {
            return Fitness.Ready($"{place}; the learner has given no work yet");
        }

        // A worker that has done its part waits for the others, or for an operator: the learner knows whether that is well.
        var age = Math.Max(0, (now - beat.At).TotalSeconds);
        var doing = beat.Done is null ? "computing" : "waiting for the next step";
        var line = string.Create(
            CultureInfo.InvariantCulture, $"{place}; outer step {beat.Step}, its theta came {age:0.0} s ago; {doing}");
        var limit = RunHealth.Limit(beat.UsualSeconds).TotalSeconds;
        return beat.Done is not null || age <= limit
            ? Fitness.Ready(line)
            : Fitness.NotReady($"windows are not done after {limit:0} s: {line}");
    }
}
