using Akka.Actor;

namespace Involute.Commands;

/// <summary>One call: makes its handler, passes its answers on, and sees to it that there is an end.</summary>
internal sealed class CallActor : ReceiveActor, IWithTimers
{
    private readonly ConsoleCall _call;
    private bool _isOver;

    public CallActor(ConsoleCall call)
    {
        _call = call;
        Receive<CommandResponse>(Pass);
        Receive<TooLong>(_ => Pass(CommandResponse.Failed(
            $"no answer within {call.Call.Definition.Patience} s: the node may be busy or waiting for its store")));
        Receive<Terminated>(_ => Pass(CommandResponse.Failed("the command ended without an answer")));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    // Not by an expression: to compile it for each call would cost more than the rest of the call.
    public static Props CreateProps(ConsoleCall call) => Props.Create<CallActor>(call);

    protected override void PreStart()
    {
        var handler = Context.Watch(Context.ActorOf(_call.Handler.Props(), "handler"));
        handler.Tell(_call.Call);
        if (!_call.Call.Definition.IsStream)
        {
            Timers.StartSingleTimer(
                nameof(TooLong), TooLong.Instance, TimeSpan.FromSeconds(_call.Call.Definition.Patience));
        }
    }

    // Cancelled, or the actor system ends.
    protected override void PostStop() => Pass(CommandResponse.Done);

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(-1, -1, error =>
    {
        var cause = error is ActorInitializationException { InnerException: { } inner } ? inner : error;
        Pass(CommandResponse.Failed(cause is CommandRefusedException
            ? cause.Message
            : $"a bug in the command: {cause.GetType().Name}: {cause.Message.ReplaceLineEndings(" ")}"));
        return Directive.Stop;
    }, loggingEnabled: false);

    private void Pass(CommandResponse response)
    {
        if (_isOver)
        {
            return;
        }

        _isOver = response.IsFinal;
        _call.Answer(response);
        if (_isOver)
        {
            Context.Stop(Self);
        }
    }

    private sealed record TooLong : INoSerializationVerificationNeeded
    {
        public static TooLong Instance { get; } = new();
    }
}

/// <summary>A call on its way.</summary>
/// <param name="Connection">Number of its connection.</param>
/// <param name="Id">Its number there.</param>
/// <param name="Handler">Who carries it out.</param>
/// <param name="Call">The command.</param>
/// <param name="Answer">Takes the answers; returns at once, and may be called from any thread.</param>
internal sealed record ConsoleCall(
    long Connection, int Id, PaletteHandler Handler, CommandCall Call, Action<CommandResponse> Answer)
    : INoSerializationVerificationNeeded;
