using System.Diagnostics;
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
        var actor = Actor();
        var isInPlace = false;

        // Akka begins a new actor on a thread of its own; as long as that runs it, it runs there for others too.
        for (var attempt = 0; attempt < 1000 && !isInPlace; attempt++)
        {
            var (thread, message) = (Environment.CurrentManagedThreadId, new WhichThread(Promise<int>()));
            actor.Tell(message);
            var hasRun = message.Answer.Task.IsCompleted;
            isInPlace = await message.Answer.Task == thread && hasRun;
        }

        Assert.True(isInPlace);
    }

    [Fact]
    public async Task One_that_tells_itself_something_does_not_run_within_itself()
    {
        var actor = Actor();

        // Until Akka has begun an actor, the thread that begins it hands out what comes, one by one.
        await actor.Ask<int>(new HowMany(), TestContext.Current.CancellationToken);

        // More than it handles in a row, many times over.
        var message = new Countdown(10_000, Promise<int>());
        actor.Tell(message);

        Assert.InRange(await message.Frames.Task.WaitAsync(TestContext.Current.CancellationToken), 1, 100);
    }

    [Fact]
    public async Task Messages_of_many_threads_are_handled_one_by_one_and_none_is_lost()
    {
        const int Threads = 4, Messages = 20_000;
        var actor = Actor();
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Run(() =>
        {
            for (var message = 0; message < Messages; message++)
            {
                actor.Tell(new Count());
            }
        })));

        Assert.Equal(
            Threads * Messages, await actor.Ask<int>(new HowMany(), TestContext.Current.CancellationToken));
    }

    private static TaskCompletionSource<T> Promise<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private IActorRef Actor() => _system.ActorOf(Props.Create<Subject>().WithDispatcher(NodeDispatcher.Id));

    private sealed record WhichThread(TaskCompletionSource<int> Answer);

    private sealed record Countdown(int Left, TaskCompletionSource<int> Frames);

    private sealed record Count;

    private sealed record HowMany;

    private sealed class Subject : ReceiveActor
    {
        private int _count;

        public Subject()
        {
            Receive<WhichThread>(it => it.Answer.SetResult(Environment.CurrentManagedThreadId));
            Receive<Count>(_ => _count++);
            Receive<HowMany>(_ => Sender.Tell(_count));
            Receive<Countdown>(it =>
            {
                if (it.Left == 0)
                {
                    it.Frames.SetResult(new StackTrace().FrameCount);
                }
                else
                {
                    Self.Tell(it with { Left = it.Left - 1 });
                }
            });
        }
    }
}
