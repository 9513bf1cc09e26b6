using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Involute.Benchmarks.Kernels;
using Involute.Torch;

// In this process: BenchmarkDotNet's own builds know neither this repository's settings nor where libtorch is. Its files go
// to a folder that git ignores.
TorchSelfTest.Run();
BenchmarkSwitcher.FromTypes([typeof(PerceptronStep), typeof(NetworkUpdate)]).Run(
    args.Length > 0 ? args : ["--filter", "*"],
    DefaultConfig.Instance
        .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(5).WithIterationCount(15))
        .AddColumn(StatisticColumn.Median)
        .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "involute-benchmarks")));
