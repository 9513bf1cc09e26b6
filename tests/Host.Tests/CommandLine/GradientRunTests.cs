using Involute.Torch;
using Xunit;

namespace Involute.Host.Tests.CommandLine;

/// <summary>Runs whose estimators differentiate the unroll by torch, as processes.</summary>
[Trait("Speed", "slow")]
public sealed class GradientRunTests : IDisposable
{
    private static readonly string[] Common =
    [
        "outer-steps=10", "pairs=5", "pairs-per-actor=2", "window=5",
        "truncation={ schedule = log-uniform, min = 4, max = 20, offset = 20 }",
    ];

    private static readonly string[] Mlp =
    [
        .. Common, "task={ name = image-mlp, hidden = [8], batch-size = 16 }", "optimizer=adam",
    ];

    private readonly RunsOnDisk _runs = new();

    public void Dispose() => _runs.Dispose();

    [Theory]
    [InlineData("truncated-grad", false)]
    [InlineData("pes-analytic", true)]
    public async Task Threads_workers_and_resumes_change_no_bit(string estimator, bool conv)
    {
        Assert.SkipUnless(TorchRuntime.IsSupportedPlatform, "there is no libtorch for this platform");
        string[] settings =
        [
            .. conv ? [.. Common, "task={ name = conv, channels = [3, 4], batch-size = 8 }"] : Mlp,
            $"estimator={estimator}",
        ];
        (await _runs.TrainAsync("one", settings)).Expect(0);
        (await _runs.TrainAsync("two", [.. settings, "threads=2"])).Expect(0);
        (await InvoluteProcess.RunAsync([.. _runs.Training("three", settings), "--workers", "3"])).Expect(0);
        (await _runs.TrainAsync("four", [.. settings, "outer-steps=4"])).Expect(0);
        (await _runs.ResumeAsync("four", "outer-steps=10")).Expect(0);
        foreach (var other in new[] { "two", "three", "four" })
        {
            await _runs.AssertSameAsync("one", other);
        }

        (await InvoluteProcess.RunAsync(["verify", "one", "--runs", _runs.Path, "--replay"])).Expect(0);
    }

    [Fact]
    public async Task What_has_no_gradient_is_refused_with_what_is_allowed()
    {
        (await _runs.TrainAsync("a", [.. Mlp, "estimator=full-grad", "optimizer=rmsprop"]))
            .ExpectOneLine(64, "rmsprop", "sgd, sgdm, adam, mlp, adafac-mlp");
        (await _runs.TrainAsync("a", [.. Mlp, "estimator=rtrl"]))
            .ExpectOneLine(64, "rtrl", "estimator.name", "truncated-grad");
        Assert.Empty(_runs.Entries());
    }

    // Its trial runs in libtorch while the name is looked up. Two of three such processes crashed.
    [Fact]
    public async Task A_run_that_is_refused_while_libtorch_computes_ends_with_its_own_exit_code()
    {
        Assert.SkipUnless(TorchRuntime.IsSupportedPlatform, "there is no libtorch for this platform");
        string[] settings = [.. Mlp, "estimator=truncated-grad", "outer-steps=1"];
        (await _runs.TrainAsync("a", settings)).Expect(0);
        for (var i = 0; i < 5; i++)
        {
            (await _runs.TrainAsync("a", settings)).ExpectOneLine(64, "already exists");
        }
    }

    [Fact]
    public async Task Without_libtorch_the_command_says_what_is_missing_and_writes_nothing()
    {
        Assert.SkipUnless(TorchRuntime.IsSupportedPlatform, "there is no libtorch for this platform");
        (await InvoluteProcess.RunAsync(
            _runs.Training("a", [.. Mlp, "estimator=truncated-grad"]),
            new Dictionary<string, string> { ["INVOLUTE_LIBTORCH"] = _runs.Path }))
            .ExpectOneLine(70, "torch_cpu", "INVOLUTE_LIBTORCH");
        Assert.Empty(_runs.Entries());
    }
}
