// A cone of ash at dusk, glowing from within; spheres of glass fall around it.
#version 3.7;
global_settings { assumed_gamma 1.0 max_trace_level 8 }
#include "colors.inc"
#include "textures.inc"

camera { location <0, 3.2, -11> look_at <0, 2.0, 0> angle 48 right x*image_width/image_height }
light_source { <-12, 14, -10> color rgb <0.85, 0.80, 0.95> }
light_source { <0, 4.4, 0> color rgb <2.2, 0.9, 0.25> fade_distance 4 fade_power 2 }

sky_sphere {
  pigment {
    gradient y
    color_map { [0.0 color rgb <0.95, 0.45, 0.20>] [0.35 color rgb <0.30, 0.18, 0.35>] [1.0 color rgb <0.02, 0.03, 0.10>] }
  }
}

plane { y, 0
  pigment { color rgb <0.10, 0.10, 0.12> }
  normal { bumps 0.25 scale 0.6 }
  finish { reflection 0.18 specular 0.3 roughness 0.02 }
}

difference {
  cone { <0, 0, 0>, 4.2, <0, 3.8, 0>, 0.9 }
  sphere { <0, 4.0, 0>, 0.95 }
  pigment { granite scale 0.7 color_map { [0 color rgb <0.16, 0.13, 0.12>] [1 color rgb <0.42, 0.36, 0.33>] } }
  normal { crackle 0.9 scale 0.35 }
  finish { ambient 0.03 diffuse 0.8 }
}

#declare Random = seed(20481);
#declare Index = 0;
#while (Index < 60)
  #declare Turn = 2*pi*rand(Random);
  #declare Far = 1.2 + 4.8*rand(Random);
  sphere {
    <Far*cos(Turn), 0.3 + 6.2*pow(rand(Random), 1.4), Far*sin(Turn)*0.8>, 0.05 + 0.16*rand(Random)
    #if (rand(Random) < 0.5)
      texture { Glass3 } interior { ior 1.45 }
    #else
      pigment { color rgb <1.0, 0.35 + 0.3*rand(Random), 0.1> } finish { ambient 0.7 }
    #end
  }
  #declare Index = Index + 1;
#end
