using Akka.Actor;
using Akka.Persistence;

namespace Involute.Actors.Ledger;

/// <summary>Akka's own actors that write to a run's store: one for the journal, one for the checkpoints.</summary>
/// <remarks>
/// They live as long as the actor system, unless something inside this program stops them. They are not started again, and what
/// they were asked for is never answered.
/// </remarks>
internal sealed class StorePlugins
{
    private readonly HashSet<IActorRef> _watched = [];

    /// <summary>Has an actor told when one of them stops; starts them if nothing has used them yet.</summary>
    public void Watch(IActorContext context)
    {
        var persistence = Persistence.Instance.Apply(context.System);
        _watched.Add(context.Watch(persistence.JournalFor(PersistenceHocon.JournalId)));
        _watched.Add(context.Watch(persistence.SnapshotStoreFor(PersistenceHocon.SnapshotStoreId)));
    }

    /// <summary>In one line that one of them has stopped, if that is what a message says; else null.</summary>
    public string? Stopped(object message) => message is Terminated it && _watched.Remove(it.ActorRef)
        ? $"the actor '{it.ActorRef.Path.Name}', which writes to the store, was stopped from inside this program; 'involute "
            + "resume' goes on"
        : null;
}
