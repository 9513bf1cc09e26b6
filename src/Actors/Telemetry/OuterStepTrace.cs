using System.Diagnostics;
using Involute.Actors.Protocol;

namespace Involute.Actors.Telemetry;

/// <summary>
/// Traces of outer steps: an activity <c>outer step</c> with the parts <c>publish</c> (theta goes to the nodes), <c>windows</c> (all
/// pairs compute), <c>update</c> (estimates are averaged, theta is updated) and <c>record</c> (the ledger has it on disk).
/// </summary>
/// <remarks>Made when the times are known: no activity is current while actors work. For one learner at a time.</remarks>
/// <param name="time">The clock.</param>
internal sealed class OuterStepTrace(TimeProvider time)
{
    private readonly Queue<(long Step, Activity Activity, DateTimeOffset Updated)> _recording = [];
    private long _step;
    private DateTimeOffset? _began;
    private DateTimeOffset _published;
    private DateTimeOffset _complete;

    /// <summary>A step begins.</summary>
    /// <param name="step">Its number.</param>
    public void Begin(long step)
    {
        (_step, _began) = (step, InvoluteTelemetry.Source.HasListeners() ? time.GetUtcNow() : null);
        if (_began is { } began)
        {
            _published = began;
        }
        else if (_recording.Count > 0)
        {
            _recording.Clear();
        }
    }

    /// <summary>Its theta was sent to all nodes.</summary>
    public void Published()
    {
        if (_began is not null)
        {
            _published = time.GetUtcNow();
        }
    }

    /// <summary>All windows have come.</summary>
    public void Complete()
    {
        if (_began is not null)
        {
            _complete = time.GetUtcNow();
        }
    }

    /// <summary>Theta was updated.</summary>
    public void Updated()
    {
        if (_began is not { } began)
        {
            return;
        }

        // A learner that begins again from a checkpoint does these steps anew.
        while (_recording.TryPeek(out var first) && first.Step >= _step)
        {
            _recording.Dequeue().Activity.Dispose();
        }

        var updated = time.GetUtcNow();
        var current = Activity.Current;
        Activity.Current = null;
        if (Start("outer step", default, began) is { } whole)
        {
            whole.SetTag("involute.outer_step", _step);
            Part("publish", whole, began, _published);
            Part("windows", whole, _published, _complete);
            Part("update", whole, _complete, updated);
            _recording.Enqueue((_step, whole, updated));
        }

        Activity.Current = current;
        _began = null;
    }

    /// <summary>The learner hears something: perhaps that a step and those before it are on disk.</summary>
    /// <returns>The same.</returns>
    public object Hear(object message)
    {
        if (message is LedgerProtocol.StepSaved saved)
        {
            Saved(saved.Step);
        }

        return message;
    }

    private void Saved(long step)
    {
        while (_recording.TryPeek(out var first) && first.Step <= step)
        {
            var (_, whole, updated) = _recording.Dequeue();
            var now = time.GetUtcNow();
            Part("record", whole, updated, now);
            End(whole, now);
        }
    }

    private static void Part(string name, Activity whole, DateTimeOffset from, DateTimeOffset to)
    {
        var current = Activity.Current;
        if (Start(name, whole.Context, from) is { } part)
        {
            End(part, to);
        }

        Activity.Current = current;
    }

    private static Activity? Start(string name, ActivityContext parent, DateTimeOffset from) =>
        InvoluteTelemetry.Source.StartActivity(name, ActivityKind.Internal, parent, startTime: from);

    private static void End(Activity activity, DateTimeOffset at)
    {
        activity.SetEndTime(at.UtcDateTime);
        activity.Dispose();
    }
}
