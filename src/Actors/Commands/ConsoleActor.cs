using Akka.Actor;

namespace Involute.Commands;

/// <summary>Parent of the calls that a node carries out.</summary>
internal sealed class ConsoleActor : ReceiveActor
{
    // Not by the actors' names: a client may use a number again while the actor of the call before is still ending.
    private readonly Dictionary<(long Connection, int Id), IActorRef> _calls = [];

    public ConsoleActor()
    {
        Receive<ConsoleCall>(call =>
            _calls[(call.Connection, call.Id)] = Context.Watch(Context.ActorOf(CallActor.CreateProps(call))));
        Receive<Cancel>(it =>
        {
            if (_calls.TryGetValue((it.Connection, it.Id), out var call))
            {
                Context.Stop(call);
            }
        });
        Receive<Terminated>(it =>
        {
            foreach (var (key, _) in _calls.Where(call => call.Value.Equals(it.ActorRef)).ToList())
            {
                _calls.Remove(key);
            }
        });
    }

    /// <summary>A call is not wanted any more.</summary>
    public sealed record Cancel(long Connection, int Id) : INoSerializationVerificationNeeded;

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);
}
