using ScottPlot;

namespace Involute.Samples.TruncationTour;

/// <summary>One step of the tour: it computes something, prints it, and draws it.</summary>
internal interface IStation
{
    /// <summary>Headline.</summary>
    string Title { get; }

    /// <summary>Name of its picture's file.</summary>
    string Picture { get; }

    /// <summary>Computes and prints.</summary>
    void Run(TextWriter output);

    /// <summary>Draws what <see cref="Run"/> has computed.</summary>
    void Draw(Plot plot);
}
