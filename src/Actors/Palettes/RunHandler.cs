using Akka.Actor;
using Involute.Actors.Protocol;
using Involute.Commands;

namespace Involute.Actors.Palettes;

/// <summary>A handler of commands about the run: it looks at what is known, and may ask the learner.</summary>
internal abstract class RunHandler : CommandHandler
{
    private Action<object>? _then;
    private IActorRef _learner = ActorRefs.Nobody;

    /// <param name="run">The run.</param>
    protected RunHandler(RunSubject run)
    {
        Run = run;
        Hear<ControlProtocol.Refused>(refused => Fail(refused.Reason));
    }

    /// <summary>The run.</summary>
    protected RunSubject Run { get; }

    /// <summary>What is known of it.</summary>
    /// <exception cref="CommandRefusedException">Nothing is: this process does not lead it.</exception>
    protected WatchedRun Known => Run.Watch.Look() ?? throw NotLeading();

    /// <summary>Puts a question or a request to the learner.</summary>
    /// <typeparam name="T">The answer.</typeparam>
    /// <param name="message">The question.</param>
    /// <param name="then">Called with the answer.</param>
    /// <exception cref="CommandRefusedException">This process does not lead.</exception>
    protected void Ask<T>(ControlProtocol.IControl message, Action<T> then)
    {
        _learner = Run.Seat.Learner ?? throw NotLeading();
        _then = answer => then((T)answer);
        _learner.Tell(message, Self);
    }

    /// <summary>Lets the answers of a kind through to who has asked.</summary>
    protected void Hear<T>() => Hear<T>(answer => _then?.Invoke(answer!));

    // Cancelled, or overdue: the learner need not keep the answer for it.
    protected override void PostStop()
    {
        if (_then is not null)
        {
            _learner.Tell(new ControlProtocol.NoLongerWanted(), Self);
        }
    }

    private void Hear<T>(Action<T> hear) => Receive<T>(answer =>
    {
        hear(answer);
        _then = null;
    });

    private CommandRefusedException NotLeading() => new(
        $"this node does not lead run {Run.Open.Id} now: it stands by or has ended; nodes.json in the run's folder names the "
            + "one that leads");
}
