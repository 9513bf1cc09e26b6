namespace Involute.Host.Reporting.TensorBoard;

/// <summary>The message <c>Summary</c> (tensorflow/core/framework/summary.proto): values by their tags.</summary>
internal sealed class SummaryMessage
{
    private const int Value = 1;
    private const int Tag = 1;
    private const int SimpleValue = 2;
    private const int Histo = 5;

    /// <summary>Its bytes.</summary>
    public ProtoMessage Message { get; } = new();

    /// <summary>Adds a number; one that is not there or no number is left out.</summary>
    public void Scalar(string tag, double value)
    {
        if (!double.IsNaN(value))
        {
            Message.Message(Value, new ProtoMessage().Text(Tag, tag).Float(SimpleValue, (float)value));
        }
    }

    /// <summary>Adds a histogram; nothing without a finite number.</summary>
    public void Histogram(string tag, ReadOnlySpan<float> values)
    {
        if (HistogramBins.Of(values) is { } bins)
        {
            Message.Message(Value, new ProtoMessage().Text(Tag, tag).Message(Histo, bins.Message()));
        }
    }
}
