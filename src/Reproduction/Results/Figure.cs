namespace Involute.Reproduction.Results;

/// <summary>What a figure shows; the command draws it.</summary>
/// <param name="Name">Name of its file, without an extension.</param>
/// <param name="Title">What it shows.</param>
internal abstract record Figure(string Name, string Title);

/// <summary>Lines on a vertical axis that is logarithmic where the numbers ask for it.</summary>
/// <param name="Name">Name of its file, without an extension.</param>
/// <param name="Title">What it shows.</param>
/// <param name="X">Horizontal axis.</param>
/// <param name="Y">Vertical axis.</param>
/// <param name="Curves">The lines.</param>
/// <param name="LogX">
/// Equal ratios are equally far apart on the horizontal axis, and only its own values are labelled.
/// </param>
internal sealed record LinesFigure(
    string Name, string Title, string X, string Y, IReadOnlyList<Curve> Curves, bool LogX = false)
    : Figure(Name, Title);

/// <summary>How many standard errors each number is from what it should be.</summary>
/// <param name="Name">Name of its file, without an extension.</param>
/// <param name="Title">What it shows.</param>
/// <param name="Quantities">The numbers.</param>
internal sealed record DistancesFigure(string Name, string Title, IReadOnlyList<Quantity> Quantities)
    : Figure(Name, Title);
