using System.IO.Compression;
using System.Reflection;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using Involute.Estimators;
using Involute.Estimators.Estimation;
using Involute.Estimators.Plans;
using Involute.Runs.Configuration;
using Involute.Runs.Ledger;
using Involute.Runs.Plugins;
using Involute.Tasks.Components;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Unrolls;

namespace Involute.Runs.Opening;

/// <summary>What this process computes a run with.</summary>
public static class ThisComputation
{
    private const string NotRepeated =
        "the same windows give other numbers each time: a step must follow from its key, theta and state alone; 'involute check' with "
            + "the same options says where they differ";

    private static readonly Assembly[] Ours =
        [typeof(IUnroll<>).Assembly, typeof(TrainingPlan).Assembly, typeof(ThisComputation).Assembly];

    /// <summary>Hashes the data files, and tries the plan.</summary>
    /// <param name="configuration">The run's settings.</param>
    /// <param name="plan">The plan that they give.</param>
    /// <exception cref="IOException">A data file cannot be read.</exception>
    /// <exception cref="PluginException">A plugin's code threw.</exception>
    public static Computation Of(RunConfiguration configuration, TrainingPlan<float> plan)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(plan);
        var plugin = PluginFolders.LoadedFor(configuration);
        return new Computation(
            $"involute {typeof(ThisComputation).Assembly.GetName().Version?.ToString(3)}",
            Modules(plan, plugin),
            $"{RuntimeInformation.FrameworkDescription} {RuntimeInformation.RuntimeIdentifier}",
            Vectors(plan.Problem),
            DataHash(configuration, plugin),
            Tried(configuration, plan, () => Fingerprint(plan, plugin)));
    }

    /// <summary>Does something with a plan for the first time: its code may be a plugin's, and its sizes too large.</summary>
    /// <exception cref="PluginException">A plugin's code threw.</exception>
    /// <exception cref="ConfigurationException">A vector would have more numbers than it can.</exception>
    internal static T Tried<T>(RunConfiguration configuration, TrainingPlan<float> plan, Func<T> trial) => PluginCode.Guard(
        PluginFolders.LoadedFor(configuration)?.Folder.FullPath,
        "a trial of the plan fails",
        () =>
        {
            try
            {
                return trial();
            }
            catch (OverflowException)
            {
                throw PlanSizes.TooLarge(
                    "involute.task",
                    $"a vector of problem {plan.Problem.Name} would have more than {int.MaxValue} numbers",
                    "smaller sizes, or smaller batches");
            }
        });

    // A plugin's code may draw from elsewhere than its keys, or keep what threads share: on two threads this shows, and costs no
    // time where there are two cores. Another program may keep what it must not, and compute by what no other one has: it
    // shows in another one of it.
    private static string Fingerprint(TrainingPlan<float> plan, PluginAssemblies? plugin)
    {
        if (plan.Problem.IsForeign)
        {
            var first = ComputationFingerprint.Of(plan);
            plan.Problem.BeginAnew();
            return first == ComputationFingerprint.Of(plan) ? first : throw new RunRefusedException($"{plan.Problem.Name}: {NotRepeated}");
        }

        if (plugin is null)
        {
            return ComputationFingerprint.Of(plan);
        }

        var twice = new string[2];
        try
        {
            Parallel.For(0, twice.Length, i => twice[i] = ComputationFingerprint.Of(plan));
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }

        return twice[0] == twice[1] ? twice[0] : throw plugin.Wrong(NotRepeated);
    }

    private static string Modules(TrainingPlan<float> plan, PluginAssemblies? plugin)
    {
        object[] parts =
        [
            plan.Problem, .. plan.Problem is OptimizedTask both ? new object[] { both.Task, both.Optimizer } : [],
            plan.Estimator, plan.Noise, plan.Schedule, plan.MetaOptimizer, .. Derivative(plan),
        ];
        var modules = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var assembly in parts.Select(part => part.GetType().Assembly).Concat(Ours))
        {
            modules[assembly.GetName().Name!] = assembly.ManifestModule.ModuleVersionId.ToString("N");
        }

        foreach (var (name, id) in plugin?.Folder.Modules() ?? [])
        {
            modules[name] = id;
        }

        return string.Join('\n', modules.Select(module => $"{module.Key} {module.Value}"));
    }

    private static string Vectors(IInnerProblem<float> problem) =>
        problem.Arithmetic is { Length: > 0 } arithmetic ? $"{Vectors()}, {arithmetic}" : Vectors();

    private static object[] Derivative(TrainingPlan<float> plan) =>
        plan is { Estimator.Needs.Tangents: not TangentSpan.None, Problem: OptimizedTask { Derivative: { } derivative } }
            ? [derivative]
            : [];

    // The kernels are written for 256 bits; whether the processor has them decides which instructions they become.
    private static string Vectors() =>
        (Vector256.IsHardwareAccelerated, Vector128.IsHardwareAccelerated) switch
        {
            (true, _) => "256 bits",
            (_, true) => "128 bits",
            _ => "none",
        };

    private static string DataHash(RunConfiguration configuration, PluginAssemblies? plugin)
    {
        ComponentOptions[] components =
        [
            configuration.Task, configuration.Optimizer, configuration.Estimator, configuration.Truncation,
            configuration.MetaOptimizer,
        ];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in components
            .SelectMany(component => component.Made(options => options.DataFiles().ToList()))
            .Concat(plugin?.DataFiles() ?? []))
        {
            hash.AppendData(HashOf(file));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // Of what a compressed file holds: unpacking it changes no data.
    private static byte[] HashOf(string file)
    {
        using var stream = File.OpenRead(file);
        if (Path.GetExtension(file) != ".gz")
        {
            return SHA256.HashData(stream);
        }

        using var content = new GZipStream(stream, CompressionMode.Decompress);
        return SHA256.HashData(content);
    }
}
