// Objects that factories take and that have none here. Their attributes are set by name: minor.SetValue("nticks", 5).
namespace Plotly.NET
{
    /// <summary>Bounds within which an axis finds its range.</summary>
    public class AutoRangeOptions : DynamicObj.DynamicObj;

    /// <summary>How ticks are written at a zoom level.</summary>
    public class TickFormatStop : DynamicObj.DynamicObj;
}

namespace Plotly.NET.ConfigObjects
{
    /// <summary>What a reader may edit.</summary>
    public class Edits : DynamicObj.DynamicObj;

    /// <summary>What the camera button saves.</summary>
    public class ToImageButtonOptions : DynamicObj.DynamicObj;
}

namespace Plotly.NET.TraceObjects
{
    /// <summary>A gradient within points.</summary>
    public class Gradient : DynamicObj.DynamicObj;
}

namespace Plotly.NET.LayoutObjects
{
    /// <summary>How the selection in the making looks.</summary>
    public class ActiveSelection : DynamicObj.DynamicObj;

    /// <summary>How the chosen shape looks.</summary>
    public class ActiveShape : DynamicObj.DynamicObj;

    /// <summary>The colour scales that traces take where they name none.</summary>
    public class DefaultColorScales : DynamicObj.DynamicObj;

    /// <summary>Ticks and grid lines between the others.</summary>
    public class Minor : DynamicObj.DynamicObj;

    /// <summary>The tool bar.</summary>
    public class ModeBar : DynamicObj.DynamicObj;

    /// <summary>How a new selection looks.</summary>
    public class NewSelection : DynamicObj.DynamicObj;

    /// <summary>How a shape that a reader draws looks.</summary>
    public class NewShape : DynamicObj.DynamicObj;

    /// <summary>Buttons that choose a time span.</summary>
    public class RangeSelector : DynamicObj.DynamicObj;

    /// <summary>A small chart under an axis on which a range is chosen.</summary>
    public class RangeSlider : DynamicObj.DynamicObj;

    /// <summary>A part of an axis that is left out.</summary>
    public class Rangebreak : DynamicObj.DynamicObj;

    /// <summary>A selected region.</summary>
    public class Selection : DynamicObj.DynamicObj;

    /// <summary>A common size of texts.</summary>
    public class UniformText : DynamicObj.DynamicObj;
}
