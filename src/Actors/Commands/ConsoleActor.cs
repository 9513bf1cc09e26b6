using Akka.Actor;

namespace Involute.Commands;

/// <summary>
/// Makes the handler of each call that a node carries out, passes its answers on, and sees to it that there is an end.
/// </summary>
/// <remarks>
/// One actor for all calls: an actor of its own for each would cost a call as much again, since most are made, asked once
/// and stopped.
/// </remarks>
internal sealed class ConsoleActor : UntypedActor, IWithTimers
{
    private readonly Dictionary<IActorRef, ConsoleCall> _calls = [];

    // Not by the actors' names: a client may use a number again while the handler of the call before is still ending.
    private readonly Dictionary<(long Connection, int Id), IActorRef> _handlers = [];

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>A call is not wanted any more.</summary>
    public sealed record Cancel(long Connection, int Id) : INoSerializationVerificationNeeded;

    private sealed record TooLong(IActorRef Handler, int Patience) : INoSerializationVerificationNeeded;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ConsoleCall call:
                Begin(call);
                break;
            case CommandResponse response:
                Pass(Sender, response);
                break;
            case Cancel it when _handlers.TryGetValue((it.Connection, it.Id), out var handler):
                Pass(handler, CommandResponse.Done);
                break;
            case Cancel:
                break;
            case TooLong it:
                Pass(it.Handler, CommandResponse.Failed(
                    $"no answer within {it.Patience} s: the node may be busy or waiting for its store"));
                break;
            case Terminated it:
                Pass(it.ActorRef, CommandResponse.Failed("the command ended without an answer"));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    // The actor system ends.
    protected override void PostStop()
    {
        foreach (var call in _calls.Values)
        {
            call.Answer(CommandResponse.Done);
        }
    }

    // The sender of a failure is the child.
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(-1, -1, error =>
    {
        Pass(Sender, Failure(error is ActorInitializationException { InnerException: { } inner } ? inner : error));
        return Directive.Stop;
    }, loggingEnabled: false);

    private static CommandResponse Failure(Exception error) => CommandResponse.Failed(error is CommandRefusedException
        ? error.Message
        : $"a bug in the command: {error.GetType().Name}: {error.Message.ReplaceLineEndings(" ")}");

    private void Begin(ConsoleCall call)
    {
        Props props;
        try
        {
            props = call.Handler.Props();
        }
        catch (Exception error)
        {
            // What a palette of a user's throws ends its command, not the console.
            call.Answer(Failure(error));
            return;
        }

        var handler = Context.Watch(Context.ActorOf(props));
        _calls[handler] = call;
        _handlers[(call.Connection, call.Id)] = handler;
        handler.Tell(call.Call);
        if (!call.Call.Definition.IsStream)
        {
            var patience = call.Call.Definition.Patience;
            Timers.StartSingleTimer(handler, new TooLong(handler, patience), TimeSpan.FromSeconds(patience));
        }
    }

    // What comes after the end of a call is not passed on.
    private void Pass(IActorRef handler, CommandResponse response)
    {
        if (!_calls.TryGetValue(handler, out var call))
        {
            return;
        }

        if (response.IsFinal)
        {
            _calls.Remove(handler);
            if (handler.Equals(_handlers.GetValueOrDefault((call.Connection, call.Id))))
            {
                _handlers.Remove((call.Connection, call.Id));
            }

            Timers.Cancel(handler);
            Context.Unwatch(handler);
            Context.Stop(handler);
        }

        call.Answer(response);
    }
}
