using Involute.Tests;
using Xunit;

namespace Involute.Host.Tests.CommandLine;

[Trait("Speed", "slow")]
public sealed class EncryptedRunTests : IDisposable
{
    private readonly RunsOnDisk _runs = new();
    private readonly ScratchFolder _folder = new();

    public void Dispose()
    {
        _runs.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Members_with_the_certificate_train_as_ever_and_others_are_refused_while_they_do()
    {
        var ours = await CertificateAsync("ours");
        var strange = await CertificateAsync("strange");
        using var learner = InvoluteProcess.Start(
        [
            "learner", .. _runs.Training("a", $"outer-steps={RunsOnDisk.Endless}").Skip(1), "--certificate", ours,
        ]);
        var address = (await learner.LineAsync("learner on ")).Split(' ')[2];
        using var worker = InvoluteProcess.Start(
            ["worker", "--join", address, "--threads", "1", "--certificate", ours]);
        await worker.LineAsync("taking part in run a");

        using var stranger = Worker(address, "--certificate", strange);
        using var plain = Worker(address);
        (await stranger.EndAsync()).ExpectOneLine(77, address, "is not among those that this process accepts");
        (await plain.EndAsync()).ExpectOneLine(77, address, "expects a --certificate");

        // The run goes on: there are more steps than before.
        var rows = File.ReadLines(_runs.File("a", "metrics.csv")).Count();
        await FileEvents.LinesAsync(Path.Combine(_runs.Path, "a"), "metrics.csv", rows + 5);
        learner.Signal(InvoluteProcess.Terminate);
        (await learner.EndAsync()).Expect(143);
        worker.Signal(InvoluteProcess.Terminate);
        (await worker.EndAsync()).Expect(143);

        var step = (await _runs.ShowAsync("a")).GetProperty("outerStep").GetInt32();
        (await _runs.TrainAsync("alone", $"outer-steps={step}")).Expect(0);
        Assert.Equal(await _runs.ThetaAsync("alone"), await _runs.ThetaAsync("a"));
    }

    // A worker that is refused gives up after seconds, not after a minute.
    private InvoluteProcess Worker(string learner, params IEnumerable<string> options)
    {
        var soon = _folder.File("soon.conf");
        File.WriteAllText(soon, "akka { cluster { shutdown-after-unsuccessful-join-seed-nodes = 6s } }");
        return InvoluteProcess.Start(["worker", "--join", learner, "--threads", "1", "--config", soon, .. options]);
    }

    private async Task<string> CertificateAsync(string name)
    {
        (await InvoluteProcess.RunAsync(["certs", "create", _folder.Path, "--name", name])).Expect(0);
        return _folder.File($"{name}.pfx");
    }
}
