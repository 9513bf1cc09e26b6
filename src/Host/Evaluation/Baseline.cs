using System.Globalization;
using Involute.Host.Errors;
using Involute.Runs.Configuration;
using Involute.Tasks.Optimizers;

namespace Involute.Host.Evaluation;

/// <summary>An optimizer whose learning rate is tuned: what the meta-trained one has to beat.</summary>
/// <param name="Name">As in <c>--baselines</c>.</param>
/// <param name="Title">In tables and plots.</param>
/// <param name="LearningRates">The grid. All have nine, so that all have the same budget.</param>
/// <param name="Create">The optimizer with a learning rate; everything else has its usual value.</param>
internal sealed record Baseline(
    string Name, string Title, IReadOnlyList<double> LearningRates, Func<double, ILearnedOptimizer> Create)
{
    // Half decades, around what each is usually set to.
    private static readonly double[] FromTenThousandth = [1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1];
    private static readonly double[] FromThousandth = [1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1, 3, 10];
    private static readonly double[] FromHundredThousandth = [1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1];

    /// <summary>The one that is part of every evaluation.</summary>
    public static Baseline Adam { get; } = new("adam", "Adam", FromTenThousandth, rate => new LearnableAdam(rate));

    /// <summary>All that there are.</summary>
    public static IReadOnlyList<Baseline> All { get; } =
    [
        Adam,
        new("sgd", "SGD", FromThousandth, rate => new LearnableSgd(rate)),
        new("sgdm", "SGDM", FromTenThousandth, rate => new LearnableSgdm(rate)),
        new("nesterov", "Nesterov", FromTenThousandth, rate => new LearnableNesterov(rate)),
        new("rmsprop", "RMSProp", FromHundredThousandth, rate => new LearnableRmsProp(rate)),
    ];

    /// <summary>Those beside Adam that a transfer table has unless others are asked for.</summary>
    public static IReadOnlyList<Baseline> OfTransfer { get; } =
        [.. All.Where(baseline => baseline.Name is "sgd" or "sgdm")];

    /// <summary>Those beside Adam that a text names.</summary>
    /// <param name="text">Names with commas between them.</param>
    /// <exception cref="CommandException">One is unknown; one line.</exception>
    public static IReadOnlyList<Baseline> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return
        [
            .. text.Split(',', StringSplitOptions.TrimEntries)
                .Select(name => All.FirstOrDefault(baseline => baseline.Name == name)
                    ?? throw new CommandException(
                        ExitCode.Configuration,
                        $"--baselines: unknown baseline {Excerpt.Quote(name)}{Spelling.Suggest(name, All.Select(it => it.Name))}; "
                        + $"allowed: {string.Join(", ", All.Select(it => it.Name))}, with commas between them"))
                .Where(baseline => baseline != Adam)
                .Distinct(),
        ];
    }

    /// <summary>What the one with a learning rate is called.</summary>
    public string With(double learningRate) =>
        string.Create(CultureInfo.InvariantCulture, $"tuned {Title} (lr {learningRate:0.######})");
}
