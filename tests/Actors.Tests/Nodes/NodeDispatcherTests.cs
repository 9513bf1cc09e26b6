using Akka.Actor;
using Involute.Actors.Nodes;
using Xunit;

namespace Involute.Actors.Tests.Nodes;

public sealed class NodeDispatcherTests : IAsyncDisposable
{
    private readonly ActorSystem _system = ActorSystem.Create("here", NodeDispatcher.Hocon(1));

    public async ValueTask DisposeAsync() => await _system.Terminate();

    [Fact]
    public async Task An_actor_runs_on_the_thread_that_tells_it_something()
    {
        var actor = Actor(out var ran);
        await actor.Ask<int>(0, TestContext.Current.CancellationToken);

        actor.Tell(1);

        Assert.Equal(Environment.CurrentManagedThreadId, ran[^1]);
    }

    [Fact]
    public async Task One_that_tells_itself_something_does_not_run_within_itself()
    {
        var actor = Actor(out var ran);

        // Each message is followed by the next smaller one: in place, a hundred thousand would need more than a thread's stack.
        actor.Tell(-100_000);

        var asked = 0;
        do
        {
            await actor.Ask<int>(0, TestContext.Current.CancellationToken);
            asked++;
        }
        while (ran.Count < 100_000 + asked);
    }

    [Fact]
    public async Task Messages_of_many_threads_are_handled_one_by_one_and_none_is_lost()
    {
        const int Threads = 4, Messages = 20_000;
        var actor = Actor(out var ran);
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Run(() =>
        {
            for (var message = 0; message < Messages; message++)
            {
                actor.Tell(1);
            }
        })));

        await actor.Ask<int>(0, TestContext.Current.CancellationToken);

        Assert.Equal((Threads * Messages) + 1, ran.Count);
    }

    private IActorRef Actor(out List<int> ran)
    {
        var threads = ran = [];
        return _system.ActorOf(Props.Create(() => new Counting(threads)).WithDispatcher(NodeDispatcher.Id));
    }

    private sealed class Counting : ReceiveActor
    {
        public Counting(List<int> ran) => Receive<int>(message =>
        {
            ran.Add(Environment.CurrentManagedThreadId);
            if (message < -1)
            {
                Self.Tell(message + 1);
            }
            else if (message == 0)
            {
                Sender.Tell(0);
            }
        });
    }
}
