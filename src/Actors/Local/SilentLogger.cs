using Akka.Actor;
using Akka.Dispatch;
using Akka.Event;

namespace Involute.Actors.Local;

/// <summary>
/// Stands where Akka's own logger would write to standard output, which belongs to the command. Warnings and errors
/// reach the run's observer through the learner.
/// </summary>
internal sealed class SilentLogger : ReceiveActor, IRequiresMessageQueue<ILoggerMessageQueueSemantics>
{
    /// <summary>Created by Akka from its configuration.</summary>
    public SilentLogger()
    {
        Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
        Receive<LogEvent>(_ => { });
    }
}

/// <summary>
/// Stands where Akka writes while no logger runs, at start and at shutdown, in spite of <c>stdout-loglevel</c>.
/// </summary>
internal sealed class SilentStandardOutput : MinimalLogger
{
    /// <inheritdoc/>
    protected override void Log(object message)
    {
        // Standard output belongs to the command.
    }
}
