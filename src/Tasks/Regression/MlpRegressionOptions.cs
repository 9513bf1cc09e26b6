using Involute.Tasks.Components;
using Involute.Tasks.Images;
using Involute.Tasks.InnerTasks;

namespace Involute.Tasks.Regression;

/// <summary>What an error of a prediction costs.</summary>
public enum RegressionLoss
{
    /// <summary>(ŷ − y)².</summary>
    [Word("the square of the error")]
    Squared,

    /// <summary>|ŷ − y|.</summary>
    [Word("the error without its sign, which outliers move less")]
    Absolute,
}

/// <summary>Options of <see cref="MlpRegression"/>.</summary>
[Component("mlp-regression", "a tanh perceptron of your sizes that predicts columns of your own table, CSV or NPY")]
public sealed record MlpRegressionOptions : InnerTaskOptions
{
    /// <summary>The table; required.</summary>
    [Option(
        "The table: CSV with or without a line of names, or NPY (two dimensions, float32 or float64, C order), at most "
        + "1 GiB. It must be set. A relative path starts at the current folder. A fixed shuffle of the rows divides "
        + "them: 80 % train, a fifteenth each validates the inner problem, validates the meta-loss, and tests.",
        IsPath = true)]
    public string DataFile { get; init; } = "";

    /// <summary>How many columns at the end are predicted, 1 to 4096; those before them are the features.</summary>
    [Option(
        "Columns that are predicted: the last ones. Those before them are the features.", Unit = "columns", Least = 1,
        Most = 4096)]
    public int Targets { get; init; } = 1;

    /// <summary>Widths of the hidden layers, each 1 to 4096, at most 8; none is linear regression.</summary>
    [Option("Widths of the hidden layers. [] is linear regression.", MostItems = 8, Least = 1, Most = 4096)]
    public IReadOnlyList<int> Hidden { get; init; } = [32];

    /// <summary>What an error costs.</summary>
    [Option("What an error costs; the loss is the mean over a batch's rows and targets.")]
    public RegressionLoss Loss { get; init; } = RegressionLoss.Squared;

    /// <summary>Rows of an inner step, 1 to 60,000.</summary>
    [Option("Rows of an inner step; at most a fifteenth of the table.", Unit = "rows", Least = 1, Most = 60_000)]
    public int BatchSize { get; init; } = 64;

    /// <summary>
    /// Whether each column is shifted and scaled to mean 0 and standard deviation 1 over the training rows.
    /// </summary>
    [Option(
        "Whether each column, targets too, is shifted and scaled to mean 0 and standard deviation 1 over the training "
        + "rows. A column that is constant there is shifted only.")]
    public bool Standardise { get; init; } = true;

    /// <inheritdoc/>
    public override IEnumerable<OptionProblem> Check()
    {
        if (DataFile.Length == 0)
        {
            yield return new OptionProblem("data-file", "no table is set", "the path of a CSV or NPY file");
        }
    }

    /// <inheritdoc/>
    public override IInnerTask Create()
    {
        var data = RegressionData.Load(DataFile, Targets, Standardise);
        return BatchSize <= data.SmallestSplit
            ? new MlpRegression(Name, data, Hidden, BatchSize, Loss)
            : throw new DataFormatException(
                DataFile,
                $"of its {data.Rows} rows the smallest split has {data.SmallestSplit}, and involute.task.batch-size is "
                    + $"{BatchSize}",
                $"at least {(long)RegressionData.Parts * BatchSize} rows"
                + (data.SmallestSplit > 0 ? $", or a batch size from 1 to {data.SmallestSplit}" : ""));
    }

    /// <summary>Equal widths make equal options; a record would compare the lists themselves.</summary>
    public bool Equals(MlpRegressionOptions? other) =>
        other is not null
        && (DataFile, Targets, Loss, BatchSize, Standardise)
            == (other.DataFile, other.Targets, other.Loss, other.BatchSize, other.Standardise)
        && Hidden.SequenceEqual(other.Hidden);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(DataFile, Targets, Loss, BatchSize, Standardise, Hidden.Count);
}
