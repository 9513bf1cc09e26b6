using Involute.Runs.Folders;
using ScottPlot;

namespace Involute.Host.Reporting.Plots;

/// <summary>The style of all pictures, and how they are saved.</summary>
internal static class PlotStyle
{
    /// <summary>Size of a single panel in pixels.</summary>
    public const int Width = 1000;

    /// <summary>Size of a single panel in pixels.</summary>
    public const int Height = 560;

    /// <summary>Colour of a picture's main series.</summary>
    public static readonly Color Main = Color.FromHex("#1f6fb4");

    /// <summary>Colour of the series with which it is compared.</summary>
    public static readonly Color Rival = Color.FromHex("#d9730d");

    /// <summary>Colour of raw data behind a mean, and of baselines.</summary>
    public static readonly Color Faint = Color.FromHex("#9aa5b1");

    // The same for all, so that panels above each other line up.
    private const float LeftSize = 80;

    // Fraction of the data's width that is left free on each side.
    private const double Margin = 0.02;

    private static readonly Color Ink = Color.FromHex("#26323d");

    private static readonly string[] Series =
    [
        "#1f6fb4", "#d9730d", "#2f8f4e", "#c0392b", "#7d52a8", "#8c6239", "#d0579f", "#4a9fa8",
    ];

    static PlotStyle() => PlotFont.Install();

    /// <summary>Colour of the n-th of several series of equal rank.</summary>
    public static Color Of(int index) => Color.FromHex(Series[index % Series.Length]);

    /// <summary>An empty panel.</summary>
    public static Plot Panel(string title, string x, string y)
    {
        var plot = new Plot();
        plot.Title(title, size: 17);
        plot.XLabel(x, size: 14);
        plot.YLabel(y, size: 14);
        plot.Axes.Bottom.TickLabelStyle.FontSize = 12;
        plot.Axes.Left.TickLabelStyle.FontSize = 12;
        plot.Axes.Left.MinimumSize = LeftSize;
        plot.Axes.Color(Ink);
        plot.Axes.Top.FrameLineStyle.Width = 0;
        plot.Axes.Right.FrameLineStyle.Width = 0;
        plot.Grid.MajorLineColor = Color.FromHex("#e6eaee");
        plot.Legend.FontSize = 13;
        plot.Legend.BackgroundColor = Colors.White.WithAlpha(0.85);
        plot.Legend.OutlineColor = Color.FromHex("#d5dae0");
        plot.Legend.ShadowColor = Colors.Transparent;
        return plot;
    }

    /// <summary>Explains in the picture why its axes are empty.</summary>
    public static void Note(Plot plot, string text)
    {
        var note = plot.Add.Annotation(text, Alignment.MiddleCenter);
        note.LabelFontSize = 15;
        note.LabelBackgroundColor = Colors.Transparent;
        note.LabelBorderColor = Colors.Transparent;
        note.LabelShadowColor = Colors.Transparent;
    }

    /// <summary>Fits the axes to what has been drawn; the vertical one by its own scale.</summary>
    /// <param name="plot">The panel.</param>
    /// <param name="axis">The axis that has mapped the data.</param>
    /// <param name="values">The data before they were mapped.</param>
    public static void Fit(Plot plot, ScaledAxis axis, IEnumerable<double> values)
    {
        plot.Axes.Margins(Margin, 2 * Margin);
        plot.Axes.AutoScale();
        axis.Fit(plot, values);
    }

    /// <summary>Saves one panel.</summary>
    public static void Save(Plot plot, string path) =>
        AtomicFile.Write(path, plot.GetImageBytes(Width, Height, ImageFormat.Png));

    /// <summary>Saves several panels, <paramref name="columns"/> in a row.</summary>
    public static void Save(IReadOnlyList<Plot> panels, int columns, string path)
    {
        var rows = (panels.Count + columns - 1) / columns;
        var all = new Multiplot();
        all.Reset(panels[0]);
        foreach (var panel in panels.Skip(1))
        {
            all.AddPlot(panel);
        }

        all.Layout = new ScottPlot.MultiplotLayouts.Grid(rows, columns);
        var height = rows == 1 ? Height : (int)(Height * 0.72) * rows;
        AtomicFile.Write(path, all.Render(Width, height).GetImageBytes(ImageFormat.Png));
    }
}
