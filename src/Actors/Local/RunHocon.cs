using Akka.Configuration;
using Involute.Actors.Nodes;
using Involute.Actors.Wire;

namespace Involute.Actors.Local;

/// <summary>The actor system's settings, from what must be to what may be changed.</summary>
internal static class RunHocon
{
    // Warnings and errors reach the run's observer through the learner; signals belong to the host. Akka's timers tick a hundred
    // times a second if left alone, which takes two hundredths of a core; nothing here needs to be that punctual.
    private const string Quiet =
        """
        akka {
          loglevel = WARNING
          stdout-loglevel = OFF
          stdout-logger-class = "Involute.Actors.Local.SilentStandardOutput, Involute.Actors"
          loggers = ["Involute.Actors.Local.SilentLogger, Involute.Actors"]
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          coordinated-shutdown.run-by-clr-shutdown-hook = off
          coordinated-shutdown.exit-clr = off
          scheduler.tick-duration = 50ms
        }
        """;

    // An actor at the top that fails has no state to go on with: it ends, and the run says so.
    private const string Must =
        """
        akka.actor.guardian-supervisor-strategy = "Akka.Actor.StoppingSupervisorStrategy"
        """;

    /// <summary>Akka settings of a run in one process.</summary>
    /// <param name="threads">Compute threads, at least 1.</param>
    /// <param name="storage">Settings of the store; may be empty.</param>
    /// <param name="user">The user's own akka settings, which win over what only keeps the system quiet.</param>
    public static Config Create(int threads, string storage, string user) =>
        ConfigurationFactory.ParseString(Must)
            .WithFallback(ConfigurationFactory.ParseString(WireHocon.Text))
            .WithFallback(ConfigurationFactory.ParseString(NodeDispatcher.Hocon(threads)))
            .WithFallback(ConfigurationFactory.ParseString(storage))
            .WithFallback(ConfigurationFactory.ParseString(user))
            .WithFallback(ConfigurationFactory.ParseString(Quiet));

    /// <summary>Akka settings of a member of a cluster.</summary>
    /// <param name="must">What no user changes.</param>
    /// <param name="threads">Compute threads, at least 1.</param>
    /// <param name="storage">Settings of the store; may be empty.</param>
    /// <param name="user">The user's own akka settings, which win over <paramref name="defaults"/>.</param>
    /// <param name="defaults">What suits training runs.</param>
    public static Config CreateCluster(string must, int threads, string storage, string user, string defaults) =>
        ConfigurationFactory.ParseString(must)
            .WithFallback(Create(threads, storage, user))
            .WithFallback(ConfigurationFactory.ParseString(defaults));
}
