using Involute.Tests;
using Xunit;

namespace Involute.Host.Tests.CommandLine;

[Trait("Speed", "slow")]
public sealed class CheckTests : IDisposable
{
    private readonly RunsOnDisk _runs = new();
    private readonly ScratchFolder _folder = new();

    public void Dispose()
    {
        _runs.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_worker_is_told_which_of_the_steps_to_its_work_fails()
    {
        (await InvoluteProcess.RunAsync(["certs", "create", _folder.Path, "--name", "a"])).Expect(0);
        using var learner = Learner("localhost:0");
        var port = (await learner.ListenedAsync()).Split(':')[1];

        var well = (await CheckAsync($"127.0.0.1:{port}")).Expect(0);
        Assert.Equal(
            [
                $"127.0.0.1:{port} is localhost:{port} in the cluster", "name         ok", "port         ok",
                "certificate  ok", "run          ok", "version      ok", "identity     ok",
                "run a would let this worker in",
            ],
            well.Output);
        Expect("name", 69, await CheckAsync("nosuch.invalid:4053"));
        Expect("port", 69, await CheckAsync("127.0.0.1:1"));
        Expect(
            "certificate", 77, await CheckAsync($"localhost:{port}", "--certificate", _folder.File("a.pfx")));

        // It has taken part in nothing.
        Assert.Single(File.ReadLines(_runs.File("a", "metrics.csv")));
        learner.Signal(InvoluteProcess.Terminate);
        (await learner.EndAsync()).Expect(143);
    }

    [Fact]
    public async Task A_learner_is_told_which_step_fails_and_writes_nothing()
    {
        (await _runs.TrainAsync("done", "outer-steps=5")).Expect(0);
        using var learner = Learner("127.0.0.1:0");
        var address = await learner.ListenedAsync();
        var before = _runs.Entries();

        (await CheckLearnerAsync("--name", "new", "--listen", "127.0.0.1:0")).Expect(0);
        (await CheckLearnerAsync("--resume", "done")).Expect(0);
        (await CheckLearnerAsync("--resume", "a", "--join", address)).Expect(0);
        Expect("name", 74, await CheckLearnerAsync("--listen", "192.0.2.1:0", "--insecure"));
        Expect("port", 74, await CheckLearnerAsync("--listen", address));
        Expect("run", 64, await CheckLearnerAsync("--name", "done"));
        Expect("run", 64, await CheckLearnerAsync("--name", "a b"));
        Expect("run", 64, await CheckLearnerAsync("--resume", "done", "--set", "involute.outer-steps=4"));
        Expect("run", 64, await CheckLearnerAsync("--resume", "done", "--set", "akka.actor.serializers=5"));
        Expect("run", 73, await CheckLearnerAsync("--resume", "a"));
        Expect("run", 74, await CheckLearnerAsync("--resume", "none"));

        Assert.Equal(before, _runs.Entries());
        learner.Signal(InvoluteProcess.Terminate);
        (await learner.EndAsync()).Expect(143);
    }

    [Theory]
    [InlineData("localhost", "127.0.0.1")]
    [InlineData("127.0.0.1", "localhost")]
    [InlineData("[::1]", "[0:0:0:0:0:0:0:1]")]
    public async Task A_member_is_found_by_any_of_its_names_and_nobody_complains(string listens, string joined)
    {
        Assert.SkipUnless(
            !listens.StartsWith('[') || System.Net.Sockets.Socket.OSSupportsIPv6, "no IPv6 here");
        using var learner = Learner($"{listens}:0", "outer-steps=60");
        var address = await learner.ListenedAsync();
        Assert.StartsWith($"{listens}:", address, StringComparison.Ordinal);
        using var worker = InvoluteProcess.Start(
            ["worker", "--threads", "1", "--join", $"{joined}{address[address.LastIndexOf(':')..]}"]);
        await worker.LineAsync($"led by {address}");

        var ended = (await learner.EndAsync()).Expect(0);

        (await worker.EndAsync()).Expect(0);
        Assert.DoesNotContain(ended.Errors, line => line.Contains("non-local", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_worker_that_finds_nobody_ends_with_the_reason()
    {
        var soon = _folder.File("soon.conf");
        await File.WriteAllTextAsync(
            soon, "akka { cluster { shutdown-after-unsuccessful-join-seed-nodes = 2s } }",
            TestContext.Current.CancellationToken);

        (await InvoluteProcess.RunAsync(["worker", "--join", "127.0.0.1:1,nosuch.invalid:2", "--config", soon]))
            .ExpectOneLine(
                69, "127.0.0.1:1: nothing listens on port 1", "nosuch.invalid:2: the name does not resolve");
    }

    private InvoluteProcess Learner(string listen, string steps = "outer-steps=1000000") => InvoluteProcess.Start(
        ["learner", .. _runs.Training("a", steps).Skip(1), "--listen", listen]);

    private static Task<InvoluteOutcome> CheckAsync(string join, params IEnumerable<string> options) =>
        InvoluteProcess.RunAsync(["worker", "--check", "--threads", "1", "--join", join, .. options]);

    private Task<InvoluteOutcome> CheckLearnerAsync(params IEnumerable<string> options) =>
        InvoluteProcess.RunAsync(["learner", "--check", "--runs", _runs.Path, .. options]);

    private static void Expect(string step, int code, InvoluteOutcome outcome)
    {
        outcome.ExpectOneLine(code, $"involute: {step}: ");
        Assert.Contains($"{step,-12} fails", outcome.Output);
    }
}
