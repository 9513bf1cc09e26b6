using Akka.Actor;

namespace Involute.Commands;

/// <summary>The actor that carries one call out: it answers with any number of lines and ends with one of the final ones.</summary>
/// <remarks>
/// A new one is made for each call, and stopped when the call is over or cancelled: what it subscribed to in an actor's way
/// it gives back in <c>PostStop</c>. An exception ends the call as an error with its message.
/// </remarks>
public abstract class CommandHandler : ReceiveActor
{
    private readonly Dictionary<string, Action<CommandCall>> _commands = [];
    private IActorRef _asker = ActorRefs.Nobody;

    /// <summary>A handler of no commands yet: <see cref="On"/> adds them.</summary>
    // One pattern for all commands: an actor builds its patterns anew each time that it is made.
    protected CommandHandler() => Receive<CommandCall>(
        call => _commands.ContainsKey(call.Definition.Name),
        call =>
        {
            (_asker, Call) = (Sender, call);
            _commands[call.Definition.Name](call);
        });

    /// <summary>The call; null before it has come.</summary>
    protected CommandCall? Call { get; private set; }

    /// <summary>What is done about a command of the palette.</summary>
    /// <param name="definition">The command.</param>
    /// <param name="handle">Begins to carry it out.</param>
    protected void On(CommandDefinition definition, Action<CommandCall> handle)
    {
        ArgumentNullException.ThrowIfNull(definition);
        _commands.TryAdd(definition.Name, handle);
    }

    /// <summary>Answers with lines, with more to come.</summary>
    protected void Write(string text) => _asker.Tell(CommandResponse.Lines(text));

    /// <summary>Answers with lines, and ends.</summary>
    protected void Finish(string text)
    {
        Write(text);
        Finish();
    }

    /// <summary>Ends the answer.</summary>
    protected void Finish() => _asker.Tell(CommandResponse.Done);

    /// <summary>Ends: the command could not be done.</summary>
    protected void Fail(string reason) => _asker.Tell(CommandResponse.Failed(reason));
}
