using Involute.Runs.Configuration;
using Involute.Runs.Folders;
using ScottPlot;
using SkiaSharp;

namespace Involute.Host.Reporting.Plots;

/// <summary>The style of all pictures, on bright or on dark ground, and how they are saved.</summary>
internal sealed class PlotStyle
{
    /// <summary>Size of a single panel in pixels.</summary>
    public const int Width = 1000;

    /// <summary>Size of a single panel in pixels.</summary>
    public const int Height = 560;

    /// <summary>What the other format of a picture ends with.</summary>
    public const string Vectors = ".svg";

    // The same for all, so that panels above each other line up.
    private const float LeftSize = 80;

    // Fraction of the data's width that is left free on each side.
    private const double Margin = 0.02;

    // Trying all filters takes five times as long, for files that are a quarter smaller: longer than drawing does.
    private static readonly SKPngEncoderOptions Quick = new(SKPngEncoderFilterFlags.Up, zLibLevel: 2);

    private readonly Color _ground;
    private readonly Color _ink;
    private readonly Color _grid;
    private readonly Color _frame;
    private readonly string[] _series;

    static PlotStyle() => PlotFont.Install();

    private PlotStyle(string ground, string ink, string grid, string frame, string faint, string[] series)
    {
        (_ground, _ink, _grid, _frame) =
            (Color.FromHex(ground), Color.FromHex(ink), Color.FromHex(grid), Color.FromHex(frame));
        _series = series;
        Faint = Color.FromHex(faint);
    }

    /// <summary>On white.</summary>
    public static PlotStyle Light { get; } = new(
        ground: "#ffffff", ink: "#26323d", grid: "#e6eaee", frame: "#d5dae0", faint: "#9aa5b1",
        ["#1f6fb4", "#d9730d", "#2f8f4e", "#c0392b", "#7d52a8", "#8c6239", "#d0579f", "#4a9fa8"]);

    /// <summary>On almost black.</summary>
    public static PlotStyle Dark { get; } = new(
        ground: "#14191f", ink: "#d6dde4", grid: "#29323b", frame: "#3b4651", faint: "#72808d",
        ["#5aa9e6", "#f2a14e", "#63c384", "#f0736b", "#b890e6", "#c9a077", "#f08ec6", "#6fcbd4"]);

    /// <summary>Colour of a picture's main series.</summary>
    public Color Main => Of(0);

    /// <summary>Colour of the series with which it is compared.</summary>
    public Color Rival => Of(1);

    /// <summary>Colour of raw data behind a mean, and of baselines.</summary>
    public Color Faint { get; }

    /// <summary>The style of a setting.</summary>
    public static PlotStyle For(PlotColours colours) => colours == PlotColours.Dark ? Dark : Light;

    /// <summary>Colour of the n-th of several series of equal rank.</summary>
    public Color Of(int index) => Color.FromHex(_series[index % _series.Length]);

    /// <summary>An empty panel.</summary>
    public Plot Panel(string title, string x, string y)
    {
        var plot = new Plot();
        plot.Title(title, size: 17);
        plot.XLabel(x, size: 14);
        plot.YLabel(y, size: 14);
        plot.FigureBackground.Color = _ground;
        plot.DataBackground.Color = _ground;
        plot.Axes.Bottom.TickLabelStyle.FontSize = 12;
        plot.Axes.Left.TickLabelStyle.FontSize = 12;
        plot.Axes.Left.MinimumSize = LeftSize;
        plot.Axes.Color(_ink);
        plot.Axes.Top.FrameLineStyle.Width = 0;
        plot.Axes.Right.FrameLineStyle.Width = 0;
        plot.Grid.MajorLineColor = _grid;
        plot.Legend.FontSize = 13;
        plot.Legend.FontColor = _ink;
        plot.Legend.BackgroundColor = _ground.WithAlpha(0.85);
        plot.Legend.OutlineColor = _frame;
        plot.Legend.ShadowColor = Colors.Transparent;
        return plot;
    }

    /// <summary>Explains in the picture why its axes are empty.</summary>
    public void Note(Plot plot, string text)
    {
        var note = plot.Add.Annotation(text, Alignment.MiddleCenter);
        note.LabelFontSize = 15;
        note.LabelFontColor = _ink;
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

    /// <summary>Saves one panel, as pixels, and beside them as vectors.</summary>
    /// <param name="plot">The panel.</param>
    /// <param name="path">A file .png.</param>
    public static void Save(Plot plot, string path)
    {
        SaveAs(plot, path);
        SaveAs(plot, Path.ChangeExtension(path, Vectors));
    }

    /// <summary>Saves one panel in the format of the file's name: vectors if it ends with .svg, else pixels.</summary>
    public static void SaveAs(Plot plot, string path) => AtomicFile.Write(
        path,
        IsVectors(path)
            ? Vectored(Width, Height, canvas => plot.Render(canvas, Width, Height))
            : Pixels(Width, Height, canvas => plot.Render(canvas, Width, Height)));

    /// <summary>Saves several panels, <paramref name="columns"/> in a row, in both formats.</summary>
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
        void Draw(SKCanvas canvas) => all.Render(canvas, new PixelRect(0, Width, height, 0));
        AtomicFile.Write(path, Pixels(Width, height, Draw));
        AtomicFile.Write(Path.ChangeExtension(path, Vectors), Vectored(Width, height, Draw));
    }

    private static bool IsVectors(string path) =>
        Path.GetExtension(path).Equals(Vectors, StringComparison.OrdinalIgnoreCase);

    private static byte[] Pixels(int width, int height, Action<SKCanvas> draw)
    {
        using var surface = SKSurface.Create(new SKImageInfo(width, height));
        draw(surface.Canvas);
        using var image = surface.Snapshot();
        using var pixels = image.PeekPixels();
        using var png = pixels.Encode(Quick)
            ?? throw new InvalidOperationException($"a picture of {width} x {height} pixels cannot be encoded");
        return png.ToArray();
    }

    private static byte[] Vectored(int width, int height, Action<SKCanvas> draw)
    {
        using var stream = new MemoryStream();
        using (var canvas = SKSvgCanvas.Create(new SKRect(0, 0, width, height), stream))
        {
            draw(canvas);
        }

        return stream.ToArray();
    }
}
