using Akka.Configuration;
using Akka.Dispatch;
using Involute.Actors.Pairs;

namespace Involute.Actors.Nodes;

/// <summary>
/// Where <see cref="NodeActor"/> runs: on the thread that tells it something, in the middle of what that thread does.
/// </summary>
/// <remarks>
/// A message to it costs microseconds, and most come from threads that have just ended a window. On .NET's pool each of them
/// woke two threads, which took a compute thread's processor for longer than the message.
/// </remarks>
internal sealed class NodeDispatcher : MessageDispatcherConfigurator
{
    /// <summary>Its name in Akka's configuration.</summary>
    public const string Id = "involute.node-dispatcher";

    // Messages in a row, before the thread goes on with its own work and one of the pool takes over.
    private const int Throughput = 100;

    private readonly Dispatcher _dispatcher;

    /// <summary>For Akka, which makes it by its name.</summary>
    public NodeDispatcher(Config config, IDispatcherPrerequisites prerequisites)
        : base(config, prerequisites) =>
        _dispatcher = new Dispatcher(this, Id, Throughput, null, new InPlaceFactory(), TimeSpan.FromSeconds(1));

    /// <summary>Akka settings for a node: this dispatcher, and <see cref="PairDispatcher"/> for its pairs.</summary>
    /// <param name="threads">Compute threads, at least 1.</param>
    public static string Hocon(int threads) =>
        $$"""
        {{PairDispatcher.Hocon(threads)}}
        {{Id}} {
          type = "Involute.Actors.Nodes.NodeDispatcher, Involute.Actors"
        }
        """;

    /// <inheritdoc/>
    public override MessageDispatcher Dispatcher() => _dispatcher;

    private sealed class InPlaceFactory : ExecutorServiceFactory
    {
        public override ExecutorService Produce(string id) => new InPlace(id);
    }

    private sealed class InPlace(string id) : ExecutorService(id)
    {
        [ThreadStatic]
        private static bool _isRunning;

        // What comes to a node while it runs here has to wait for another thread: in place, it would run within itself, ever deeper.
        public override void Execute(IRunnable run)
        {
            if (_isRunning)
            {
                ThreadPool.UnsafeQueueUserWorkItem(Run, run, preferLocal: false);
            }
            else
            {
                Run(run);
            }
        }

        public override void Shutdown()
        {
        }

        private static void Run(IRunnable run)
        {
            _isRunning = true;
            try
            {
                run.Run();
            }
            finally
            {
                _isRunning = false;
            }
        }
    }
}
